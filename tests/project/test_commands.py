"""The commands' names, options and refusals; nothing long is begun before a refusal."""

import argparse
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.project.conftest import one_sentence
from unknot.__main__ import COMMANDS, listing, main, parser_for
from unknot.project.commands import Refused, bench, children, demo, documents, start


def test_help_lists_every_command_in_one_line_each(capsys):
    assert main(["help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(COMMANDS)
    assert all(len(line) < 80 for line in lines)
    assert listing() == "\n".join(lines)


@pytest.mark.parametrize(
    ("typed", "meant"), [("dmeo", "demo"), ("tests", "test"), ("bakup", "backup")]
)
def test_a_mistyped_command_is_answered_with_the_nearest(typed, meant, capsys):
    assert main([typed]) == 2
    assert capsys.readouterr().err == f"There is no command '{typed}': did you mean {meant}?\n"


def test_a_name_like_no_command_is_sent_to_help(capsys):
    assert main(["xyzzyx"]) == 2
    assert "./unknot help lists them all" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_its_options(name):
    text = parser_for(name).format_help()
    assert f"usage: ./unknot {name}" in text


def test_a_used_port_is_said_before_anything_is_made(unknot, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = unknot("demo", "--port", port, "--data", tmp_path / "data")
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"Port {port} on 127.0.0.1 is used by another program")
    assert one_sentence(answer.stderr)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "70000", "-1"])
def test_a_port_that_cannot_be_is_refused(port):
    with pytest.raises(Refused, match="expected a number from 1 to 65535"):
        children.check_port("127.0.0.1", int(port))


def test_a_port_that_is_no_number_is_a_usage_error(unknot):
    answer = unknot("demo", "--port", "many")
    assert answer.returncode == 2
    assert "invalid int value: 'many'" in answer.stderr


def test_a_free_port_is_accepted():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    children.check_port("127.0.0.1", port)


def test_a_file_in_place_of_the_data_folder_is_said(unknot, tmp_path):
    (tmp_path / "file").write_text("")
    answer = unknot("demo", "--port", free_port(), "--data", tmp_path / "file")
    assert answer.returncode == 2
    assert "is not a folder: use another data folder" in answer.stderr
    assert one_sentence(answer.stderr)


def test_a_data_folder_of_another_major_version_is_said(unknot, reachable):
    (reachable / "postgres").mkdir(mode=0o700)
    (reachable / "postgres" / "PG_VERSION").write_text("12\n")
    answer = unknot("demo", "--port", free_port(), "--data", reachable)
    assert answer.returncode == 2
    assert "was made by PostgreSQL 12" in answer.stderr
    assert one_sentence(answer.stderr)


def test_fresh_leaves_a_folder_alone_that_is_not_a_demos(unknot, tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    answer = unknot("demo", "--fresh", "--port", free_port(), "--data", tmp_path)
    assert answer.returncode == 2
    assert "letters.txt, which is not a demo's" in answer.stderr
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_fresh_deletes_what_a_demo_made(tmp_path):
    for name in demo.OURS - {"postgres", "postgres.lock"}:
        (tmp_path / name).write_text("")
    (tmp_path / "postgres").mkdir()
    demo._clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_made_once_and_kept_from_others(tmp_path):
    key = start.secret_key(tmp_path)
    assert len(key) >= 50
    assert start.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    (tmp_path / "secret-key").chmod(0o644)
    with pytest.raises(Refused, match="readable by its owner alone"):
        start.secret_key(tmp_path)


def test_serving_an_outside_database_needs_a_key(unknot, reachable):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    from unknot.cluster import Cluster

    with Cluster(reachable / "postgres", fast=True) as server:
        server.create_database()
        answer = unknot(
            "serve", "--port", port, "--data", reachable, UNKNOT_DATABASE_URL=server.url()
        )
    assert answer.returncode == 2
    assert answer.stderr.startswith("UNKNOT_SECRET_KEY is not set")


def test_a_database_that_does_not_answer_is_said_without_its_password(unknot, tmp_path):
    url = "postgresql://someone:hidden-word@127.0.0.1:9/unknot"
    answer = unknot("backup", tmp_path / "file", UNKNOT_DATABASE_URL=url)
    assert answer.returncode == 2
    assert "does not answer" in answer.stderr
    assert "hidden-word" not in answer.stderr
    assert one_sentence(answer.stderr)


def test_a_backup_of_nothing_is_refused(unknot, tmp_path):
    answer = unknot("backup", tmp_path / "file", "--data", tmp_path / "none")
    assert answer.returncode == 2
    assert "There is no installation in" in answer.stderr


def test_setup_without_a_terminal_names_the_missing_option():
    from unknot.project.commands import setup

    options = argparse.Namespace(practice=None)
    with pytest.raises(Refused, match="--practice is missing, and nobody can be asked"):
        setup._answer(options, "practice", "Name of the practice")


def test_an_unknown_benchmark_is_refused():
    with pytest.raises(Refused, match="There is no benchmark 'speed'"):
        bench.run(argparse.Namespace(what="speed", others=[]))


def test_a_stop_ends_the_body_quietly_and_runs_its_endings(plain_environment):
    script = (
        "import time\n"
        "from unknot.project.commands.children import until_stopped\n"
        "with until_stopped():\n"
        "    try: print('ready', flush=True); time.sleep(30)\n"
        "    finally: print('ended')\n"
        "print('after')"
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        running = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=plain_environment
        )
        assert running.stdout.readline() == "ready\n"
        running.send_signal(number)
        assert running.communicate(timeout=20)[0] == "ended\nafter\n"
        assert running.returncode == 0


def test_children_that_do_not_listen_are_ended_anyway(monkeypatch, tmp_path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    (tmp_path / "deaf.py").write_text(deaf)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(children, "STOP_SECONDS", 0.5)
    family = children.Children("127.0.0.1", 1)
    family._web = children._spawn(["deaf"])
    time.sleep(0.3)
    process = family._web.pid
    family.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_web_server_that_ends_again_and_again_is_given_up(monkeypatch, tmp_path, capsys):
    family = children.Children("127.0.0.1", 1)
    starts = []

    def start() -> None:
        starts.append(1)
        family._web = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
        family._web.wait()

    monkeypatch.setattr(family, "start", start)
    monkeypatch.setattr(children, "_spawn", lambda *parts: None)
    start()
    with pytest.raises(children.Refused, match="ended again and again"):
        family.watch(lambda: None)
    assert len(starts) == 1 + children.MOST_RESTARTS
    assert "The web server ended; it is started again." in capsys.readouterr().err


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    (tmp_path / "there.md").write_text("")
    page = tmp_path / "page.md"
    page.write_text("[a](there.md#top) [b](https://x.example) `[c](no.md)` [d](missing.md)")
    found = list(documents.broken_links(page, tmp_path))
    assert found == ["page.md: the link to missing.md leads nowhere"]


def test_a_setting_that_nobody_documented_is_found(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "docs" / "reference").mkdir(parents=True)
    (tmp_path / "src" / "x.py").write_text('text("UNKNOT_NEW_THING")')
    (tmp_path / documents.SETTINGS_PAGE).write_text("`UNKNOT_OLD_THING`")
    assert list(documents.settings_page(tmp_path)) == [
        f"{documents.SETTINGS_PAGE} leaves out UNKNOT_NEW_THING",
        f"{documents.SETTINGS_PAGE} tells of UNKNOT_OLD_THING, unused",
    ]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_checkout_is_found_from_the_source():
    assert (start.CHECKOUT / "unknot").exists()
    assert Path(__file__).is_relative_to(start.CHECKOUT)
