import time
from tests.cast import NOW
from unknot.project.demo import seed

def test_it(db):
    t=time.monotonic(); seed.seed(now=NOW, progress=print); print(time.monotonic()-t)
