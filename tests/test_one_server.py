"""A folder has one server; those that keep nothing in it may share it."""

from argparse import Namespace
from pathlib import Path

import pytest

from storage.folders import OwnedFolder, StartError, named_by_the_kernel
from tests.embedded_product import happens, living
from tests.forked import Forked
from tests.product import environment
from web.embedded import one_server
from web.serving import serve
from web.settings import Settings


def test_a_second_server_of_a_folder_is_refused_before_it_starts_anything(tmp_path: Path) -> None:
    with one_server(Settings(data=tmp_path)):
        with pytest.raises(StartError, match=rf"Папку {tmp_path} уже обслуживает .*--data.*--workers"):
            serve(Settings(data=tmp_path, port=named_by_the_kernel()), Namespace())
        assert [found.name for found in tmp_path.iterdir()] == ["lock"]
    with one_server(Settings(data=tmp_path)):
        pass


def test_servers_whose_parts_are_elsewhere_share_a_folder(settings: Settings, tmp_path: Path) -> None:
    mine = settings.model_copy(update={"data": tmp_path})
    with one_server(mine), one_server(mine):
        pass
    several = mine.model_copy(update={"workers": 2})  # the bus between them would be in the folder
    with one_server(several), pytest.raises(StartError), one_server(several):
        pass


def test_of_two_servers_that_start_at_once_one_goes_on(tmp_path: Path) -> None:
    folder, logs = tmp_path / "data", [tmp_path / "one", tmp_path / "two"]
    both = [
        Forked(["serve", "--no-demo"], environment(Settings(data=folder, port=named_by_the_kernel())), log)
        for log in logs
    ]
    try:
        assert happens(lambda: any(each.poll() is not None for each in both), 30)
        [wins] = [number for number, each in enumerate(both) if each.poll() is None]
        assert both[1 - wins].poll() == 1
        [line] = logs[1 - wins].read_text("utf-8").splitlines()
        assert line.startswith(f"nmo: Папку {folder} уже обслуживает")
        assert happens(lambda: "Готово" in logs[wins].read_text("utf-8"), 60), logs[wins].read_text("utf-8")
    finally:
        for each in both:
            each.send_signal(15)
            each.wait(30)
    assert happens(lambda: not living(folder), 5)


def test_a_server_takes_no_folder_where_a_command_keeps_the_parts(tmp_path: Path) -> None:
    command = OwnedFolder.take(tmp_path / "s3")
    with pytest.raises(StartError, match="другая команда nmo"), one_server(Settings(data=tmp_path)):
        pass
    command.release()
    with one_server(Settings(data=tmp_path)):
        pass
