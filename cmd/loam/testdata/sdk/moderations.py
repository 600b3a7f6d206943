"""Asks a Loam server through the clients that communities already use.

Arguments: the server's address and an API key. Prints one JSON object: what each client made
of the answers. Nothing here knows Loam: an address was changed, the code was kept.
"""

import base64
import json
import sys

address, key = sys.argv[1], sys.argv[2]
host = address.removeprefix("http://")
bad, fine = "这里有沃土測試违禁词，不许发", "周末去湖边喝咖啡"
out = {}


def openai():
    from openai import AuthenticationError, BadRequestError, OpenAI, UnprocessableEntityError

    client = OpenAI(base_url=address + "/v1", api_key=key, max_retries=0)
    one = client.moderations.create(model="omni-moderation-latest", input=bad)
    many = client.moderations.create(input=[fine, bad])
    parts = client.moderations.create(input=[{"type": "text", "text": fine}, {"type": "text", "text": bad}])
    found = {
        "one": [r.flagged for r in one.results],
        "many": [r.flagged for r in many.results],
        "parts": [r.flagged for r in parts.results],
        "categories": len(one.results[0].categories.model_dump(by_alias=True)),
        "model": one.model.startswith("loam-"),
    }
    try:
        OpenAI(base_url=address + "/v1", api_key="wrong", max_retries=0).moderations.create(input=bad)
    except AuthenticationError as e:
        found["wrong key"] = e.status_code
    try:
        client.moderations.create(input=[{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}])
    except (BadRequestError, UnprocessableEntityError) as e:
        found["far picture"] = e.code
    return found


def aliyun():
    from alibabacloud_green20220302.client import Client
    from alibabacloud_green20220302.models import TextModerationPlusRequest
    from alibabacloud_tea_openapi.models import Config

    def ask(text, who=key):
        client = Client(Config(access_key_id=who, access_key_secret="unused", endpoint=host, protocol="http"))
        request = TextModerationPlusRequest(
            service="comment_detection_pro", service_parameters=json.dumps({"content": text, "dataId": "d1"}))
        return client.text_moderation_plus(request)

    hit, none = ask(bad).body, ask(fine).body
    found = {
        "code": hit.code, "level": hit.data.risk_level, "data id": hit.data.data_id,
        "words": hit.data.result[0].risk_words, "label": hit.data.result[0].label,
        "none": none.data.risk_level, "none label": none.data.result[0].label,
    }
    try:
        ask(bad, "wrong")
    except Exception as e:
        found["wrong key"] = e.code
    return found


def tencent():
    from tencentcloud.common import credential
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.tms.v20201229 import models, tms_client

    def ask(text, who=key):
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=host))
        client = tms_client.TmsClient(credential.Credential(who, "unused"), "ap-guangzhou", profile)
        request = models.TextModerationRequest()
        request.Content = base64.b64encode(text.encode()).decode()
        request.BizType, request.DataId = "loam_test", "d1"
        return client.TextModeration(request)

    hit, none = ask(bad), ask(fine)
    place = hit.DetailResults[0].HitInfos[0].Positions[0]
    found = {
        "suggestion": hit.Suggestion, "keywords": hit.Keywords, "place": [place.Start, place.End], "data id": hit.DataId,
        "none": [none.Suggestion, none.Label],
    }
    try:
        ask(bad, "wrong")
    except TencentCloudSDKException as e:
        found["wrong key"] = e.get_code()
    return found


def perspective():
    from googleapiclient import discovery
    from googleapiclient.errors import HttpError

    document = {
        "kind": "discovery#restDescription", "name": "commentanalyzer", "version": "v1alpha1", "rootUrl": address + "/",
        "servicePath": "", "baseUrl": address + "/", "batchPath": "batch",
        "parameters": {"key": {"type": "string", "location": "query"}},
        "schemas": {"Any": {"id": "Any", "type": "object", "additionalProperties": {"type": "any"}}},
        "resources": {"comments": {"methods": {"analyze": {
            "id": "commentanalyzer.comments.analyze", "path": "v1alpha1/comments:analyze", "flatPath": "v1alpha1/comments:analyze",
            "httpMethod": "POST", "parameters": {}, "request": {"$ref": "Any"}, "response": {"$ref": "Any"}}}}},
    }

    def ask(attributes, who=key):
        client = discovery.build_from_document(document, developerKey=who)
        return client.comments().analyze(body={
            "comment": {"text": bad}, "requestedAttributes": {a: {} for a in attributes}, "languages": ["zh"], "spanAnnotations": True,
        }).execute()

    answer = ask(["TOXICITY", "INSULT@6"])
    found = {"attributes": sorted(answer["attributeScores"]), "languages": answer["languages"]}
    score = answer["attributeScores"]["TOXICITY"]["summaryScore"]
    found["probability"] = score["type"] == "PROBABILITY" and 0 <= score["value"] <= 1
    for name, attributes, who in (("unknown", ["OFF_TOPIC"], key), ("wrong key", ["TOXICITY"], "wrong")):
        try:
            ask(attributes, who)
        except HttpError as e:
            found[name] = e.status_code
    return found


for name in (openai, aliyun, tencent, perspective):
    out[name.__name__] = name()
json.dump(out, sys.stdout, ensure_ascii=False, sort_keys=True)
