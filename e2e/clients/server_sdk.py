"""The server API as an unmodified SDK from the Python package index calls it.

Ends with an exception where something differs from what the vendor answers.
"""

import requests
from TLSSigAPIv2 import TLSSigAPIv2

from sdk import APP, KEY, URL, client


def expect(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} is not {wanted!r}")
    print(f"    {what}: ok")


def ok(what, answer):
    expect(what, (answer["ActionStatus"], answer["ErrorCode"], answer["ErrorInfo"]), ("OK", 0, ""))
    return answer


admin = client()
accounts, profile = admin.im_open_login_svc, admin.profile

ok("account_import", accounts.account_import("sdk-ming", nick="明远", face_url="https://example.org/ming.png"))
ok("account_import of an existing account", accounts.account_import("sdk-ming", nick="Ming"))
many = ok("multiaccount_import", accounts.im_open_login_svc(["sdk-a", "sdk-b", "sdk-a", "é"]))
expect("FailAccounts", many["FailAccounts"], ["é"])

check = ok("account_check, a GET with a body", accounts.account_check(["sdk-ming", "sdk-nobody"]))
expect("AccountStatus", [item["AccountStatus"] for item in check["ResultItem"]], ["Imported", "NotImported"])

ok("portrait_set", profile.portrait_set("sdk-ming", [
    {"Tag": "Tag_Profile_IM_Gender", "Value": "Gender_Type_Male"},
    {"Tag": "Tag_Profile_IM_BirthDay", "Value": 20190419},
]))
read = ok("portrait_get", profile.portrait_get(["sdk-ming"]))["UserProfileItem"][0]
values = {item["Tag"]: item["Value"] for item in read["ProfileItem"]}
expect("the profile", values, {
    "Tag_Profile_IM_Nick": "Ming",
    "Tag_Profile_IM_Gender": "Gender_Type_Male",
    "Tag_Profile_IM_BirthDay": 20190419,
    "Tag_Profile_IM_AdminForbidType": "AdminForbid_Type_None",
    "Tag_Profile_IM_AllowType": "AllowType_Type_AllowAny",
    "Tag_Profile_IM_SelfSignature": "",
})
missing = ok("portrait_get of nobody", profile.portrait_get(["sdk-nobody"]))
expect("Fail_Account", missing["Fail_Account"], ["sdk-nobody"])

state = ok("querystate", admin.open_im.query_state(["sdk-ming", "sdk-nobody"]))
expect("State", state["QueryResult"][0]["State"], "Offline")
expect("ErrorList", state["ErrorList"], [{"To_Account": "sdk-nobody", "ErrorCode": 70107}])

groups = admin.group_open_http_svc
group = ok("create_group", groups.create_group("TestGroup", owner_account="sdk-ming", member_list=[{"Member_Account": "sdk-a"}]))
expect("GroupId", group["GroupId"][:5], "@TGS#")
ok("destroy_group", groups.destroy_group(group["GroupId"]))
expect("destroy_group again", groups.destroy_group(group["GroupId"])["ErrorCode"], 10010)

ok("kick", accounts.kick("sdk-ming"))
expect("kick of nobody", accounts.kick("sdk-nobody")["ErrorCode"], 70107)
expect("account_delete while restricted", accounts.account_delete(["sdk-ming"])["ErrorCode"], 71000)
expect("another key", client(key="0" * 64).im_open_login_svc.account_check(["a"])["ErrorCode"], 70009)
expect("no admin", client("sdk-a").im_open_login_svc.account_check(["a"])["ErrorCode"], 60010)

userbuf = TLSSigAPIv2(APP, KEY).gen_sig_with_userbuf("administrator", 3600, b"room 7")
query = {"sdkappid": APP, "identifier": "administrator", "usersig": userbuf, "random": 1, "contenttype": "json"}
answer = requests.post(f"{URL}/v4/im_open_login_svc/account_check", params=query, json={"CheckItem": [{"UserID": "x"}]})
ok("a UserSig with a userbuf, encoded by the HTTP library", answer.json())
