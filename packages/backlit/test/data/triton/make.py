"""Writes model-config.json: which fields Triton's model_config.proto has, by message, from tritonclient (pip install tritonclient protobuf)."""
import importlib.util
import json
import pathlib

import tritonclient

# The file alone: the package around it needs grpc.
spec = importlib.util.spec_from_file_location("pb", pathlib.Path(tritonclient.__path__[0]) / "grpc" / "model_config_pb2.py")
pb = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pb)

WANTED = ["ModelConfig", "ModelInput", "ModelOutput", "ModelTensorReshape", "ModelDynamicBatching", "ModelVersionPolicy"]


def describe(message):
    fields = {}
    for field in message.fields:
        kind = field.message_type.full_name if field.message_type else field.enum_type.full_name if field.enum_type else field.type
        fields[field.name] = {"kind": kind, "repeated": field.is_repeated}
    for nested in message.nested_types:
        yield from describe(nested)
    yield message.full_name, fields


messages = {}
for name in WANTED:
    messages.update(describe(pb.DESCRIPTOR.message_types_by_name[name]))
enums = {name: [value.name for value in enum.values] for name, enum in pb.DESCRIPTOR.enum_types_by_name.items()}
here = pathlib.Path(__file__).parent
(here / "model-config.json").write_text(json.dumps({"messages": messages, "enums": enums}, indent=1) + "\n")
