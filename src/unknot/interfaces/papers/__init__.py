"""Papers: a session, a report for a doctor, a consent form and a blank figure, as PDF."""
