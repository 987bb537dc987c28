"""The command line, as its user meets it: a process, what it prints, and how it ends."""

import re
from pathlib import Path

import httpx
import pytest

import front_door
import make
from command_line import Run, refused
from shared_data import shared
from undersigned.delivery import switch
from undersigned.kit import database as db


def test_it_says_which_version_it_is_and_what_it_can_do(run: Run) -> None:
    assert re.fullmatch(r"undersigned, version \d+\.\d+\.\d+\n", run("--version").stdout)
    told = run("--help").stdout
    for command in ("up", "web", "worker", "clock", "mailroom", "migrate", "postcodes", "delivery", "staff"):
        assert re.search(rf"^  {command}\b", told, re.MULTILINE)


def test_migrate_makes_the_tables_of_an_empty_installation_and_may_be_run_again(run: Run) -> None:
    for _ in range(2):
        done = run("migrate", DATABASE_URL="", REDIS_URL="")
        assert (done.returncode, done.stdout) == (0, "The tables are up to date.\n"), done.stderr


async def test_staff_invite_prints_a_link_that_signs_in_once(client: httpx.AsyncClient, run: Run) -> None:
    done = run("staff", "invite", "owen@example.org")
    assert done.returncode == 0, done.stderr
    (link,) = done.stdout.split()
    assert link.startswith("http://test.example.org/staff/sign-in/")
    assert (await client.get(link)).status_code == 200
    signed_in = await client.post(link)
    assert signed_in.status_code == 303
    assert (await client.get("/staff", follow_redirects=True)).status_code == 200
    client.cookies.clear()
    assert (await client.post(link)).status_code >= 400


def test_staff_invite_refuses_what_is_no_address(database: None, run: Run) -> None:
    assert "name@example.com" in refused(run("staff", "invite", "owen"))


async def test_delivery_is_turned_and_told(database: None, run: Run) -> None:
    assert run("delivery", "status").stdout.startswith("Delivery is in rehearsal: ")
    assert (
        run("delivery", "live", "--reason", "Checked.").stdout
        == "Delivery is live: letters go to representatives.\n"
    )
    assert await switch.mode() == switch.LIVE
    assert (await db.fetch("SELECT reason FROM switch"))[0]["reason"] == "Checked."
    assert run("delivery", "stop").stdout == "Delivery is stopped: letters wait.\n"


async def test_campaigns_are_counted_again_in_a_line_each_and_mended_when_told_to(
    client: httpx.AsyncClient, run: Run
) -> None:
    light = await make.campaign(slug="light")
    await front_door.counted(client, light)
    await make.campaign(slug="bench")
    await make.campaign(slug="vigil", kind="action")
    agree = "light: 1 signature; every total agrees.\nbench: 0 signatures; every total agrees.\n"
    done = run("campaigns", "recount")
    assert (done.returncode, done.stdout) == (0, agree), done.stderr
    await db.execute("UPDATE campaign SET signature_count = 9 WHERE slug = 'light'")
    await db.execute("UPDATE tally SET total = 0 WHERE kind = 'country'")
    done = run("campaigns", "recount", "light")
    told = "  count: 9 held, 1 counted\n  country GB: 0 held, 1 counted\n"
    assert (done.returncode, done.stdout) == (1, f"light: 1 signature; 2 totals differ.\n{told}"), done.stderr
    done = run("campaigns", "recount", "--mend")
    assert done.returncode == 0 and "light: 1 signature; 2 totals differ, mended.\n" in done.stdout
    assert run("campaigns", "recount").stdout == agree
    audited = await db.fetch("SELECT staff_id FROM audit WHERE act = 'totals mended'")
    assert audited == [{"staff_id": "command"}]


def test_a_campaign_that_is_not_there_cannot_be_counted(database: None, run: Run) -> None:
    assert "no campaign called nowhere" in refused(run("campaigns", "recount", "nowhere"))
    assert run("campaigns", "recount").stdout == "There is no campaign to count.\n"


async def test_a_demo_refuses_to_go_live(database: None, run: Run) -> None:
    assert "letters to representatives never leave it" in refused(run("delivery", "live", DEMO="1"))
    assert run("delivery", "status", DEMO="1").stdout.startswith("Delivery is in rehearsal: ")
    assert await db.fetch("SELECT * FROM switch") == []


@pytest.mark.parametrize(
    ("command", "key"), [("up", ""), ("web", "change-me"), ("worker", ""), ("mailroom", "short")]
)
def test_production_without_a_real_secret_refuses_in_a_line_that_names_it(
    database: None, run: Run, command: str, key: str
) -> None:
    assert "SECRET_KEY" in refused(run(command, SECRET_KEY=key))


def test_a_setting_that_cannot_be_read_is_named(run: Run) -> None:
    assert "PORT" in refused(run("delivery", "status", PORT="eighty"))


def test_a_database_that_is_not_there_is_said_in_one_line(run: Run) -> None:
    said = refused(run("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing"))
    assert "The database cannot be reached" in said


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x"])
def test_a_database_address_that_makes_no_sense_is_refused_by_its_name(run: Run, url: str) -> None:
    assert "DATABASE_URL" in refused(run("migrate", DATABASE_URL=url))


def test_the_demo_is_for_demonstrations(database: None, run: Run) -> None:
    assert "DEMO=1" in refused(run("demo", "load"))


def test_files_that_are_not_what_they_should_be_are_refused_in_one_line(
    database: None, run: Run, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    assert refused(run("postcodes", "load", str(wrong)))
    assert refused(run("representatives", "load", str(wrong)))
    assert not (tmp_path / "var" / "postcodes.index").exists()
    assert "postcodes load" in refused(run("postcodes", "status"))


def test_a_postcode_that_is_none_is_refused_in_one_line(database: None, run: Run) -> None:
    assert "first half" in refused(run("postcodes", "find", "BL9"))


async def test_a_postcode_nobody_loaded_is_unknown(database: None, run: Run) -> None:
    await make.mp()
    done = run("postcodes", "find", "BL9 0SW")
    assert (done.returncode, done.stdout.split()[0]) == (0, "unknown:")


async def test_real_files_give_a_real_postcode_its_real_seat(database: None, run: Run) -> None:
    loaded = run("postcodes", "load", str(shared("ONSPD_NOV_2025_UK.zip")))
    assert loaded.returncode == 0, loaded.stderr
    assert "2,644,769 postcodes in 632 constituencies" in loaded.stdout
    assert "Contains OS data © Crown copyright" in loaded.stdout
    assert run("postcodes", "status").returncode == 0
    members = run("representatives", "load", str(shared("mps.csv")), "--yes")
    assert members.returncode == 0, members.stderr
    assert "650 seats" in members.stdout
    found = run("postcodes", "find", "bl90sw")
    assert "exact: E14001144 Bury North" in found.stdout
    assert re.search(r"^MP: .+ MP \(.+\)$", found.stdout, re.MULTILINE)
    status = run("representatives", "status").stdout
    assert "650 seats" in status
    assert "646 members with an e-mail address" in status
