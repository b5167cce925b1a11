"""Statements that are put together once: the same rows as the querysets they are made from."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from elearning.kept_sql import fields_of, kept, read_models
from teams.models import CareSetting, Membership, Team


@kept()
def teams_named(*, name: str, care_setting_id: int):
    return Team.objects.filter(name=name, care_setting_id=care_setting_id).values_list("pk", "name")


@kept("since")
def members_since(*, since: dt.date, slug: str):
    found = Membership.objects.filter(joined_at__date__gte=since, care_setting__slug=slug)
    return found.order_by("pk").values_list(*fields_of(Membership), *fields_of(CareSetting, "care_setting__"))


def test_values_stand_where_their_marks_stood(willow_lane, baby_room, preschool):
    for team in (baby_room, preschool):
        found = teams_named(name=team.name, care_setting_id=willow_lane.pk)
        assert found == [(team.pk, team.name)]
    assert teams_named(name="Baby Room' OR 1=1 --", care_setting_id=willow_lane.pk) == []
    assert teams_named(name=baby_room.name, care_setting_id=willow_lane.pk + 1) == []
    assert teams_named(name=baby_room.name, care_setting_id=2**80) == []


def test_it_is_put_together_once(willow_lane, baby_room, django_assert_num_queries):
    made = []

    @kept()
    def rows(*, pk: int):
        made.append(pk)
        return Team.objects.filter(pk=pk).values_list("pk")

    with django_assert_num_queries(3):
        for _ in range(3):
            assert rows(pk=baby_room.pk) == [(baby_room.pk,)]
    assert len(made) == 1


def test_a_fixed_value_has_a_statement_of_its_own(maya, willow_lane):
    today = timezone.localdate()
    assert len(members_since(since=today - dt.timedelta(days=9_000), slug=willow_lane.slug)) > 0
    assert members_since(since=today + dt.timedelta(days=9), slug=willow_lane.slug) == []


def test_models_come_back_whole(maya, willow_lane):
    since = dt.date(2000, 1, 1)
    plain = list(Membership.objects.filter(care_setting=willow_lane).order_by("pk"))
    for row, whole in zip(members_since(since=since, slug=willow_lane.slug), plain, strict=True):
        membership, care_setting = read_models(row, Membership, CareSetting)
        assert not membership.get_deferred_fields()
        assert not care_setting.get_deferred_fields()
        assert {f: getattr(membership, f) for f in fields_of(Membership)} == {
            f: getattr(whole, f) for f in fields_of(Membership)
        }
        assert {f: getattr(care_setting, f) for f in fields_of(CareSetting)} == {
            f: getattr(willow_lane, f) for f in fields_of(CareSetting)
        }


@kept()
def by_beginning(*, start: str):
    return Team.objects.filter(name__startswith=start).values_list("pk")


@kept()
def joined_before(*, day: dt.date):
    day -= dt.timedelta(days=14)
    return Membership.objects.filter(joined_at__date__lt=day).values_list("pk")


@pytest.mark.parametrize(
    ("rows", "values"), [(by_beginning, {"start": "Baby"}), (joined_before, {"day": dt.date(2026, 11, 21)})]
)
def test_what_is_worked_upon_must_be_fixed(db, rows, values):
    with pytest.raises(TypeError, match="fixed"):
        rows(**values)


def test_on_postgresql_it_is_planned_once(baby_room):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans at once")
    for _ in range(3):
        teams_named(name=baby_room.name, care_setting_id=baby_room.care_setting_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%teams_team%'")
        assert cursor.fetchone()[0] >= 1
