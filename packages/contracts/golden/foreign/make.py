"""Writes the golden messages of a foreign library: Google's protobuf for Python (7.36), straight from proto/image.binpb.

    pip install protobuf && python golden/foreign/make.py

Default-valued fields are left out of both forms, as that library always does.
"""

from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

here = Path(__file__).parent
pool = descriptor_pool.DescriptorPool()
for file in descriptor_pb2.FileDescriptorSet.FromString((here / "../../../../proto/image.binpb").read_bytes()).file:
    pool.Add(file)


def new(name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))()


def write(name, message):
    (here / f"{name}.bin").write_bytes(message.SerializeToString(deterministic=True))
    (here / f"{name}.json").write_text(json_format.MessageToJson(message, ensure_ascii=False) + "\n", encoding="utf-8")


contact = new("switchboard.contacts.v1.ContactReceived")
contact.channel = "phone"
getattr(contact, "from").address = "phone:+4930123456"
contact.subject = ""
contact.text = "Ein Baum liegt auf dem Auto 🌳"
contact.occurred_at.FromJsonString("2026-03-02T10:00:00.25+01:00")
contact.attributes["plate"] = "B-XY 1"
write("contacts.ContactReceived", contact)

activity = new("switchboard.activities.v1.ActivityRecorded")
activity.type = "usage"
activity.identifiers.append("phone:+4930123456")
activity.source = "billing"
activity.data.update({"metric": "data-gb", "value": 1.5, "roaming": False, "days": [1, 2], "note": None})
write("activities.ActivityRecorded", activity)

opened = new("switchboard.intake.v1.CaseOpened")
opened.case.id = "01963f00-0000-7000-8000-000000000001"
opened.case.version = 1
opened.case.priority = 0
opened.case.opened_at.FromJsonString("2026-03-02T09:00:00Z")
opened.contact.id = "01963f00-0000-7000-8000-000000000004"
opened.contact.accepted_at.FromJsonString("2026-03-02T09:00:00.000001Z")
opened.contact.attachments.add(name="scene.jpg")
write("intake.CaseOpened", opened)

warned = new("switchboard.sla.v1.ClockWarned")
warned.clock.id = "01963f00-0000-7000-8000-000000000007"
warned.clock.started_at.FromJsonString("2026-03-02T09:00:00Z")
warned.clock.remaining_ms = -1500
warned.share = 0
write("sla.ClockWarned", warned)
