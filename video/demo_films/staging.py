"""Let the moments of a story happen on the stage, one after the other."""

import math

from video.demo_films.acting import Actor, Track
from video.demo_films.figures import BUILDS
from video.demo_films.rooms import PLACES, WIDTH
from video.demo_films.script import Moment, Person, Script

WALK_SPEED = 270  # pixels a second
EDGE = 105
CHAIR_PLACES = ("left", "centre", "right", "table")
LIFTED_ON_CHAIR = {"toddler": 44, "child": 26, "baby": 60}
POSES = {"sit": "sit", "kneel": "kneel", "lie_down": "lie_down", "stand": "stand"}
LITTLE = ("baby", "toddler", "child")


class Stage:
    """Lets the moments of a script happen, one after the other."""

    def __init__(self, script: Script, *, has_chairs: bool, has_sofa: bool) -> None:
        self.script = script
        self.has_chairs = has_chairs
        self.has_sofa = has_sofa
        self.left_things: list[tuple[str, float, float, float, float]] = []  # name, x, y, from, until
        self.actors = {person.id: None for person in script.people}
        for order, person in enumerate(script.people):
            self.actors[person.id] = self.enter_stage(person, order)
        for moment in script.moments:
            self.play(moment)

    def enter_stage(self, person: Person, order: int) -> Actor:
        """Put somebody where they start: at their place, at their first one, or outside."""
        first = next((one for one in self.script.moments if one.who == person.id), None)
        is_outside = not person.at and first is not None and first.does == "enter"
        place = person.at or (first.to if first and first.to in PLACES else "")
        place = place or ("left", "right", "centre", "rug")[order % 4]
        pose = person.pose or ("crawl" if person.kind == "baby" and is_outside else "stand")
        if person.kind == "baby" and pose == "stand":
            pose = "sit"
        if is_outside:
            x, y = (WIDTH + 130 if place in ("right", "door", "table") else -130), PLACES[place][1]
        else:
            x, y = self.free_spot(place, BUILDS[person.kind].shoulders * 0.5, skip=person.id)
        facing = 1 if x < WIDTH / 2 else -1
        actor = Actor(person, order, Track(float(x)), Track(float(y)), Track("stand"), Track(facing))
        actor.place = "" if is_outside else place
        self.take_pose(actor, 0.0, pose)
        return actor

    def free_spot(self, place: str, half: float, *, skip: str, now: float = 0.0) -> tuple[float, float]:
        """A spot at a place that nobody stands on."""
        x, y = PLACES[place]
        taken = [
            (actor.x.at(now + 60), actor.half)
            for name, actor in self.actors.items()
            if actor is not None and name != skip and abs(actor.y.at(now + 60) - y) < 90
        ]
        for shift in (0, 1, -1, 2, -2, 3, -3):
            spot = min(max(x + shift * (half + 46), EDGE), WIDTH - EDGE)
            if all(abs(spot - other) >= (half + width) * 0.82 for other, width in taken):
                return spot, y
        return min(max(x + 90, EDGE), WIDTH - EDGE), y

    # --- moments ---

    def play(self, moment: Moment) -> None:
        """Let one moment happen."""
        start, end = moment.starts_at, moment.ends_at
        if moment.speaker:
            speaker = self.actors[moment.speaker]
            speaker.talking.append((start + 0.05, start + moment.words_seconds - 0.1))
            self.listen(speaker, start)
        if not moment.does:
            return
        actor = self.actors[moment.who]
        actor.rest.set(start, False)
        getattr(self, f"do_{moment.does}")(actor, moment, start, end)
        if moment.prop and moment.does not in ("hold", "give", "put_down", "pick_up"):
            self.take(actor, moment.prop, start)

    def listen(self, speaker: Actor, now: float) -> None:
        """Whoever stands about turns to the one who speaks."""
        for actor in self.actors.values():
            if actor is not speaker and not actor.x.is_moving(now) and actor.pose.at(now) != "lie_down":
                self.turn(actor, speaker.x.at(now), now + 0.2, speaker)

    def turn(self, actor: Actor, x: float, now: float, other: Actor | None = None) -> None:
        """Look towards a point; up or down to somebody much taller or smaller."""
        way = 1 if x >= actor.x.at(now) else -1
        near = abs(x - actor.x.at(now)) < 60
        actor.face.move(now, now + 0.2, (1 if near else 2) * way)
        level = 0
        if other is not None:
            difference = self.eye_level(other, now) - self.eye_level(actor, now)
            level = -1 if difference > 70 else 1 if difference < -70 else 0
        actor.look.set(now, level)

    def eye_level(self, actor: Actor, now: float) -> float:
        """How high above the floor somebody's eyes are."""
        build = BUILDS[actor.person.kind]
        lowered = {
            "sit": build.legs * 0.85,
            "kneel": build.legs * 0.6,
            "lie_down": build.height - 30,
            "crawl": build.height * 0.5,
        }
        return build.height - lowered.get(actor.pose.at(now), 0.0)

    def goal(self, actor: Actor, to: str, now: float) -> tuple[float, float]:
        """Where somebody goes who goes to a place or a person."""
        if to in PLACES:
            actor.place = to
            return self.free_spot(to, actor.half, skip=actor.person.id, now=now)
        other = self.actors.get(to)
        if other is None:
            return actor.x.at(now), actor.y.at(now)
        actor.place = other.place if other.place == "sofa" else ""
        side = -1 if actor.x.at(now) <= other.x.at(now) else 1
        lying = 95 if other.pose.at(now) == "lie_down" else 0
        x = other.x.at(now) + side * (actor.half + other.half + 16 + lying)
        if not EDGE * 0.7 < x < WIDTH - EDGE * 0.7:
            x = other.x.at(now) - side * (actor.half + other.half + 16 + lying)
        return x, other.y.at(now) + 3

    def go(self, actor: Actor, to: str, start: float, *, pose: str = "stand") -> float:
        """Walk (or crawl) to a place or person; returns when they arrive."""
        if not to:
            return start
        target = self.actors.get(to)
        if target is actor:
            return start
        x, y = self.goal(actor, to, start)
        here = actor.x.at(start)
        distance = math.hypot(x - here, y - actor.y.at(start))
        if distance < 24:
            return start
        seconds = min(max(distance / WALK_SPEED, 0.5), 2.4)
        was_kneeling = actor.pose.at(start) == "kneel"
        actor.chair.set(start, False)
        actor.pose.set(start, "crawl" if actor.person.kind == "baby" else pose)
        actor.face.set(start, 2 if x > here else -2)
        actor.look.set(start, 0)
        self.relax_arms(actor, start)
        actor.x.move(start, start + seconds, float(x))
        actor.y.move(start, start + seconds, float(y))
        if target is not None:
            self.turn(actor, target.x.at(start), start + seconds, target)
            if was_kneeling and target.person.kind in LITTLE:
                actor.pose.set(start + seconds, "kneel")
        return start + seconds

    def relax_arms(self, actor: Actor, now: float) -> None:
        """Arms down, but a hand that holds something stays up."""
        holding = actor.prop.at(now)
        for side, arm in (("left", actor.left_arm), ("right", actor.right_arm)):
            arm.move(now, now + 0.3, 48.0 if holding and actor.hand.at(now) == side else 12.0)

    def take_pose(self, actor: Actor, now: float, pose: str) -> None:
        """Sit, kneel, lie or stand, on a chair where there are chairs."""
        on_chair = pose == "sit" and (
            (self.has_chairs and actor.place in CHAIR_PLACES) or (self.has_sofa and actor.place == "sofa")
        )
        on_sofa = on_chair and actor.place == "sofa"
        actor.pose.set(now, pose)
        actor.chair.set(now, on_chair and not on_sofa)
        if on_sofa:
            actor.y.move(now, now + 0.25, 556.0 if actor.person.kind in LITTLE else 574.0)
        elif on_chair:
            actor.y.move(now, now + 0.25, 644.0 - LIFTED_ON_CHAIR.get(actor.person.kind, 0))

    def take(self, actor: Actor, prop: str, now: float) -> None:
        """Have something in the hand that points where the person looks."""
        way = 1 if actor.face.at(now) >= 0 else -1
        actor.hand.set(now, "right" if way >= 0 else "left")
        actor.prop.set(now, prop)
        actor.arm_towards(way).move(now, now + 0.4, 48.0)

    # --- actions ---

    def do_enter(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Come in."""
        self.go(actor, moment.to or "centre", start)

    def do_leave(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Go out by the nearer side."""
        x = actor.x.at(start)
        out = WIDTH + 150.0 if x > WIDTH / 2 or moment.to == "door" else -150.0
        seconds = min(max(abs(out - x) / WALK_SPEED, 0.8), 2.6)
        actor.chair.set(start, False)
        actor.pose.set(start, "crawl" if actor.person.kind == "baby" else "stand")
        actor.face.set(start, 2 if out > x else -2)
        self.relax_arms(actor, start)
        actor.x.move(start, start + seconds, out)
        actor.place = ""

    def do_walk_to(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Walk somewhere; at a table with chairs, sit down there."""
        arrived = self.go(actor, moment.to, start)
        if self.has_chairs and moment.to == "table":
            self.take_pose(actor, arrived, "sit")

    def do_crawl_to(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Crawl somewhere."""
        self.go(actor, moment.to, start, pose="crawl")

    def do_sit(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Sit down."""
        self.take_pose(actor, self.go(actor, moment.to, start), "sit")

    def do_stand(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Stand up."""
        arrived = self.go(actor, moment.to, start)
        actor.chair.set(arrived, False)
        actor.pose.set(arrived, "stand")

    def do_kneel(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Kneel down, facing whoever is near."""
        arrived = self.go(actor, moment.to, start)
        self.take_pose(actor, arrived, "kneel")
        self.turn_to_nearest(actor, arrived)

    def do_lie_down(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Lie down."""
        self.take_pose(actor, self.go(actor, moment.to, start), "lie_down")

    def do_reach(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Stretch out an arm, then take it back."""
        way = self.face_target(actor, moment.to, start)
        actor.arm_towards(way).move(start, start + 0.45, 78.0)
        actor.arm_towards(way).move(end - 0.2, end + 0.3, 30.0)

    def do_look_at(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Turn to somebody or something."""
        self.face_target(actor, moment.to, start)
        if moment.to == "window":
            actor.look.set(start, -1)

    def do_hold(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Take something in the hand."""
        self.take_from_others(actor, moment.prop, start)
        self.take(actor, moment.prop, start)

    def do_pick_up(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Take something that lies there."""
        if moment.to in PLACES:
            start = self.go(actor, moment.to, start)
        self.left_things = [
            (name, x, y, since, start if name == moment.prop and until > start else until)
            for name, x, y, since, until in self.left_things
        ]
        self.do_hold(actor, moment, start, end)

    def do_put_down(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Lay down what is in the hand."""
        prop = moment.prop or actor.prop.at(start)
        way = 1 if actor.face.at(start) >= 0 else -1
        actor.arm_towards(way).move(start, start + 0.3, 24.0)
        actor.prop.set(start + 0.35, "")
        x = actor.x.at(start) + way * (actor.half + 34)
        height = 118.0 if self.has_chairs else 26.0
        self.left_things.append((prop, x, actor.y.at(start) - height, start + 0.35, 10_000.0))

    def do_give(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Hand something to somebody, going to them if they are far."""
        other = self.actors.get(moment.to)
        far = other is not None and abs(other.x.at(start) - actor.x.at(start)) > actor.half + other.half + 130
        arrived = self.go(actor, moment.to, start) if far and not actor.chair.at(start) else start
        way = self.face_target(actor, moment.to, arrived)
        prop = moment.prop or actor.prop.at(start)
        self.take(actor, prop, arrived)
        actor.arm_towards(way).move(arrived, arrived + 0.4, 72.0)
        if other is None:
            return
        passed = arrived + 0.55
        actor.prop.set(passed, "")
        actor.arm_towards(way).move(passed, passed + 0.4, 14.0)
        other.face.set(passed - 0.3, -way * 2)
        self.take(other, prop, passed)

    def do_wave(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Wave with the free hand."""
        way = self.face_target(actor, moment.to, start) if moment.to else 1
        side = "right" if way >= 0 else "left"
        if actor.prop.at(start) and actor.hand.at(start) == side:
            side = "left" if side == "right" else "right"
        actor.waving.append((start, min(start + 1.7, end), side))

    def do_clap(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Clap."""
        actor.clapping.append((start, min(start + 1.6, end)))
        actor.happy.append((start, end))

    def do_hug(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Go close and put an arm round."""
        other = self.actors.get(moment.to)
        if other is None:
            return
        arrived = self.go(actor, moment.to, start)
        way = 1 if other.x.at(arrived) >= actor.x.at(arrived) else -1
        closer = other.x.at(arrived) - way * (actor.half + other.half) * 0.8
        actor.x.move(arrived, arrived + 0.3, closer)
        for one, side in ((actor, way), (other, -way)):
            one.face.set(arrived, side)
            one.arm_towards(side).move(arrived, arrived + 0.4, 62.0)
            one.arm_towards(side).move(max(end, arrived + 0.9), max(end, arrived + 0.9) + 0.4, 14.0)
            one.happy.append((arrived + 0.2, max(end, arrived + 1.0)))
        actor.place = other.place

    def do_turn_away(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Look the other way."""
        actor.face.move(start, start + 0.3, -2 if actor.face.at(start) >= 0 else 2)
        actor.look.set(start, 0)

    def do_rest(self, actor: Actor, moment: Moment, start: float, end: float) -> None:
        """Close the eyes."""
        actor.rest.set(start, True)

    # --- small steps ---

    def face_target(self, actor: Actor, to: str, now: float) -> int:
        """Turn to a person or place; returns the direction, -1 or 1."""
        other = self.actors.get(to)
        x = other.x.at(now) if other else PLACES.get(to, (actor.x.at(now) + 1, 0))[0]
        self.turn(actor, x, now, other)
        return 1 if x >= actor.x.at(now) else -1

    def turn_to_nearest(self, actor: Actor, now: float) -> None:
        """Turn to whoever is nearest."""
        others = [one for one in self.actors.values() if one is not actor]
        if others:
            nearest = min(others, key=lambda one: abs(one.x.at(now) - actor.x.at(now)))
            self.turn(actor, nearest.x.at(now), now, nearest)

    def take_from_others(self, actor: Actor, prop: str, now: float) -> None:
        """The same thing is in one hand only."""
        for other in self.actors.values():
            if other is not actor and prop and other.prop.at(now) == prop:
                other.prop.set(now, "")
                self.relax_arms(other, now)
