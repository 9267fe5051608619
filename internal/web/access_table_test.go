package web

import (
	"maps"
	"net/url"

	"hocso/internal/identity"
	"hocso/internal/worldtest"
)

// accessTable says for every route what everybody gets, area by area.
func accessTable() map[string]expect {
	table := map[string]expect{}
	for _, area := range []map[string]expect{learnerAccess(), signInAccess(), accountAccess(), peopleAccess(), figuresAccess(), programAccess(), certificateAccess(), noticeAccess(), siteAccess()} {
		maps.Copy(table, area)
	}
	return table
}

// each gives one status to several roles.
func each(status int, roles ...identity.Role) map[identity.Role]int {
	all := map[identity.Role]int{}
	for _, role := range roles {
		all[role] = status
	}
	return all
}

// open is a page that everybody sees.
func open(path string) expect { return expect{path: path, nobody: 200, rest: 200} }

// own is something that everybody who is registered has of their own.
func own(path string, status int, form url.Values) expect {
	return expect{path: path, form: form, nobody: toSignIn, rest: status}
}

// learned is own, for guests too.
func learned(path string, status int, form url.Values) expect {
	return expect{path: path, form: form, nobody: toSignIn, guest: status, rest: status}
}

// list is a page about wherever its reader's role is held.
func list(path string, form url.Values, roles ...identity.Role) expect {
	return expect{path: path, form: form, nobody: toSignIn, roles: each(200, roles...), beyond: 200, rest: 403}
}

// aimed is something done to the target, by roles that reach it; for others of
// those roles the target does not exist.
func aimed(path string, status int, form url.Values, roles ...identity.Role) expect {
	return expect{path: path, form: form, nobody: toSignIn, roles: each(status, roles...), beyond: 404, rest: 403}
}

func learnerAccess() map[string]expect {
	course, practice := "/courses/"+worldtest.Slug, "/practice/"+worldtest.Scenario
	return map[string]expect{
		"GET /glossary":                                open("/glossary"),
		"GET /skills":                                  open("/skills"),
		"GET /courses/:course/handout":                 {path: course + "/handout", nobody: 404, guest: 404, rest: 404}, // this course has none
		"GET /courses/:course/loudspeaker":             {path: course + "/loudspeaker", nobody: 404, guest: 404, rest: 404},
		"GET /courses/:course/guide":                   {path: course + "/guide", nobody: 404, guest: 404, rest: 404},
		"GET /me/skills":                               learned("/me/skills", 200, nil),
		"POST /sittings":                               {path: "/sittings", form: url.Values{"sitting": {"{id}"}}, nobody: 303, guest: 303, rest: 303},
		"GET /sittings/:sitting<guid>":                 learned("/sittings/{id}", 404, nil), // somebody else's
		"POST /sittings/:sitting<guid>":                learned("/sittings/{id}", 404, nil),
		"GET /practice":                                open("/practice"),
		"GET /practice/:practice":                      open(practice),
		"POST /practice/:practice/runs":                {path: practice + "/runs", form: url.Values{"run": {"{id}"}}, nobody: 303, guest: 303, rest: 303},
		"GET /practice/runs/:run<guid>":                learned("/practice/runs/{id}", 404, nil), // somebody else's
		"POST /practice/runs/:run<guid>/step":          learned("/practice/runs/{id}/step", 404, url.Values{"at": {"0"}, "e": {"go"}}),
		"POST /practice/runs/:run<guid>/log":           learned("/practice/runs/{id}/log", 404, url.Values{"log": {`[{"e":"go","t":1}]`}}),
		"GET /":                                        open("/"),
		"GET /courses/:course":                         open(course),
		"GET /courses/:course/lessons/:lesson":         open(course + "/lessons/bai-1"),
		"POST /courses/:course/enrol":                  {path: course + "/enrol", nobody: 303, rest: 303},
		"POST /courses/:course/lessons/:lesson/finish": learned(course+"/lessons/bai-1/finish", 404, nil), // not enrolled
		"POST /courses/:course/quiz":                   learned(course+"/quiz", 404, nil),
		"GET /me":                                      learned("/me", 200, nil),
		"GET /attempts/:attempt":                       learned("/attempts/{attempt}", 404, nil), // somebody else's
		"POST /attempts/:attempt/save":                 learned("/attempts/{attempt}/save", 404, nil),
		"POST /attempts/:attempt/submit":               learned("/attempts/{attempt}/submit", 404, url.Values{"submission": {"{id}"}}),
	}
}

func signInAccess() map[string]expect {
	return map[string]expect{
		"GET /sign-in":               open("/sign-in"),
		"POST /sign-in":              {path: "/sign-in", form: url.Values{"login": {"nobody"}, "password": {"wrong"}}, nobody: 422, rest: 422},
		"POST /sign-out":             learned("/sign-out", 303, nil),
		"POST /demo/sign-in":         {path: "/demo/sign-in", form: url.Values{"role": {"nobody"}}, nobody: 404, rest: 404},
		"GET /sign-in/claim":         own("/sign-in/claim", 303, nil), // nothing to claim
		"POST /sign-in/claim":        own("/sign-in/claim", 303, url.Values{"mine": {"yes"}}),
		"GET /sign-in/scan":          open("/sign-in/scan"),
		"GET /card/:token":           open("/card/{card}"),
		"POST /card/:token":          {path: "/card/{card}", form: url.Values{"picture": {"3"}}, nobody: 200, rest: 200},
		"GET /join":                  open("/join"),
		"POST /join":                 {path: "/join", form: url.Values{"code": {"{join}"}}, nobody: 303, rest: 303},
		"GET /join/:code":            open("/join/{join}"),
		"POST /join/:code":           {path: "/join/{join}", form: url.Values{"name": {""}}, nobody: 422, rest: 422},
		"GET /switch":                open("/switch"),
		"POST /switch":               {path: "/switch", nobody: 303, rest: 303},
		"GET /switch/:person<guid>":  {path: "/switch/{person}", nobody: 404, rest: 404}, // not on this device
		"POST /switch/:person<guid>": {path: "/switch/{person}", form: url.Values{"secret": {"482915"}}, nobody: 404, rest: 404},
		"POST /switch/forget":        own("/switch/forget", 303, nil),
		"GET /sign-in/oidc":          {path: "/sign-in/oidc", nobody: 503, rest: 503},          // the provider is silent
		"GET /sign-in/oidc/callback": {path: "/sign-in/oidc/callback", nobody: 422, rest: 422}, // nothing was begun
	}
}

func accountAccess() map[string]expect {
	return map[string]expect{
		"GET /me/account":                                own("/me/account", 200, nil),
		"GET /me/welcome":                                own("/me/welcome", 200, nil),
		"GET /me/secret":                                 own("/me/secret", 200, nil),
		"POST /me/secret":                                own("/me/secret", 422, url.Values{"secret": {"123456"}, "again": {"123456"}}),
		"POST /me/sessions/end":                          own("/me/sessions/end", 303, nil),
		"POST /me/sessions/:session<guid>/end":           own("/me/sessions/{id}/end", 303, nil),
		"POST /me/device":                                own("/me/device", 303, nil),
		"GET /me/identity":                               own("/me/identity", 200, nil),
		"GET /me/identity/link":                          own("/me/identity/link", 503, nil),   // the provider is silent
		"POST /me/identity/unlink":                       own("/me/identity/unlink", 422, nil), // they have no PIN
		"GET /me/data":                                   own("/me/data", 200, nil),
		"GET /me/data.json":                              own("/me/data.json", 200, nil),
		"GET /me/data/print":                             own("/me/data/print", 200, nil),
		"POST /me/data/consents":                         own("/me/data/consents", 303, url.Values{"purpose": {"contact"}, "give": {"yes"}}),
		"POST /me/data/requests":                         own("/me/data/requests", 303, url.Values{"wish": {"Năm sinh của tôi là 1961"}}),
		"POST /me/data/requests/:request<guid>/withdraw": own("/me/data/requests/{id}/withdraw", 303, nil),
		"GET /me/data/erase":                             own("/me/data/erase", 200, nil),
		"POST /me/data/erase":                            own("/me/data/erase", 303, nil),
		"POST /assist/end":                               own("/assist/end", 303, nil),
	}
}

func peopleAccess() map[string]expect {
	managers, helpers := identity.Managers, identity.Helpers
	person := "/people/{person}"
	return map[string]expect{
		"GET /people":       list("/people", nil, helpers...),
		"POST /people/find": aimed("/people/find", 200, url.Values{"unit": {"{unit}"}}, helpers...),
		"GET /people/new":   list("/people/new", nil, helpers...),
		"POST /people": {path: "/people", form: url.Values{
			"id": {"{id}"}, "name": {"Alăng Thị Bé"}, "birth_year": {"1961"}, "unit": {"{unit}"}, "agreed": {"yes"}, "how": {"spoken"}, "witness": {"Hồ Văn Tư"}, "another": {"yes"},
		}, nobody: toSignIn, roles: each(303, helpers...), beyond: 422, rest: 403}, // the unit is not in their list
		"GET /people/:person<guid>":                                aimed(person, 200, nil, helpers...),
		"POST /people/:person<guid>":                               aimed(person, 303, url.Values{"name": {"Hồ Thị Nguyệt"}, "birth_year": {"1958"}, "unit": {"{unit}"}}, managers...),
		"POST /people/:person<guid>/suspend":                       aimed(person+"/suspend", 303, nil, managers...),
		"POST /people/:person<guid>/restore":                       aimed(person+"/restore", 303, nil, managers...),
		"POST /people/:person<guid>/reset":                         aimed(person+"/reset", 200, nil, managers...),
		"POST /people/:person<guid>/roles":                         aimed(person+"/roles", 303, url.Values{"role": {"team-member"}, "unit": {"{unit}"}}, managers...),
		"POST /people/:person<guid>/roles/:role<guid>/end":         aimed(person+"/roles/{role}/end", 303, nil, managers...),
		"POST /people/:person<guid>/delegate":                      aimed(person+"/delegate", 422, url.Values{"role": {"editor"}, "unit": {"{unit}"}}, managers...), // nobody's own
		"POST /people/:person<guid>/positions":                     aimed(person+"/positions", 422, url.Values{"position": {""}, "unit": {"{unit}"}}, managers...),
		"POST /people/:person<guid>/positions/:position<guid>/end": aimed(person+"/positions/{position}/end", 303, nil, managers...),
		"POST /people/cards":                                       aimed("/people/cards", 200, url.Values{"person": {"{person}"}}, managers...),
		"POST /people/:person<guid>/card/revoke":                   aimed(person+"/card/revoke", 303, nil, managers...),
		"POST /people/:person<guid>/assist":                        aimed(person+"/assist", 303, url.Values{"support": {"helped"}}, helpers...),
		"POST /people/:person<guid>/merge":                         aimed(person+"/merge", 422, url.Values{"other": {"{person}"}}, managers...), // with oneself
		"POST /people/:person<guid>/merges/:merge<guid>/undo":      aimed(person+"/merges/{merge}/undo", 303, nil, managers...),
		"GET /requests":                                            list("/requests", nil, managers...),
		"POST /requests/:request<guid>":                            aimed("/requests/{request}", 303, url.Values{"state": {"done"}}, managers...),
		"GET /imports":                                             list("/imports", nil, managers...),
		"POST /imports":                                            {path: "/imports", form: url.Values{"unit": {"{unit}"}}, nobody: toSignIn, roles: each(422, managers...), beyond: 422, rest: 403}, // no file
		"GET /imports/:import<guid>":                               aimed("/imports/{import}", 200, nil, managers...),
		"POST /imports/:import<guid>/rows/:row<int>":               aimed("/imports/{import}/rows/2", 303, url.Values{"field": {"name"}, "cell": {"Hồ Văn Tư"}}, managers...),
		"POST /imports/:import<guid>/commit":                       aimed("/imports/{import}/commit", 303, nil, managers...),
		"POST /imports/:import<guid>/cancel":                       aimed("/imports/{import}/cancel", 303, nil, managers...),
		"GET /imports/:import<guid>/file":                          aimed("/imports/{import}/file", 200, nil, managers...),
		"GET /people/export":                                       list("/people/export?format=csv", nil, managers...),
		"GET /units":                                               list("/units?q=nam+tra", nil, helpers...),
		"GET /units/:unit":                                         aimed("/units/{unit}", 200, nil, helpers...),
		"GET /join-codes":                                          list("/join-codes", nil, helpers...),
		"POST /join-codes":                                         {path: "/join-codes", form: url.Values{"unit": {"{unit}"}}, nobody: toSignIn, roles: each(303, helpers...), beyond: 422, rest: 403},
		"POST /join-codes/:code/end":                               aimed("/join-codes/{join}/end", 303, nil, helpers...),
	}
}

func figuresAccess() map[string]expect {
	readers := []identity.Role{identity.Coordinator, identity.UnitHead, identity.ProvinceAdmin}
	auditors := append([]identity.Role{identity.Operator}, readers...)
	return map[string]expect{
		"GET /pilot":                {path: "/pilot", nobody: toSignIn, roles: each(303, readers...), beyond: 303, rest: 403},
		"GET /pilot/:unit":          aimed("/pilot/{unit}", 200, nil, readers...),
		"GET /audit":                list("/audit", nil, auditors...),
		"POST /audit/find":          {path: "/audit/find", form: url.Values{"unit": {"{unit}"}}, nobody: toSignIn, roles: each(200, auditors...), beyond: 422, rest: 403},
		"POST /audit/export":        {path: "/audit/export", form: url.Values{"unit": {"{unit}"}}, nobody: toSignIn, roles: each(200, auditors...), beyond: 422, rest: 403},
		"GET /ops/queue":            list("/ops/queue", nil, identity.Operator),
		"POST /ops/queue/run-again": {path: "/ops/queue/run-again", form: url.Values{"id": {"none"}}, nobody: toSignIn, roles: each(303, identity.Operator), beyond: 303, rest: 403},
	}
}

func programAccess() map[string]expect {
	readers := []identity.Role{identity.Coordinator, identity.UnitHead, identity.ProvinceAdmin}
	makers := []identity.Role{identity.UnitHead, identity.ProvinceAdmin}
	draft := url.Values{"title": {"Học"}, "owner": {"{unit}"}, "revision": {"1"}, "rhythm": {"once"}}
	decided := url.Values{"due_on": {"2099-01-01"}, "extend_reason": {"bận"}, "exempt_reason": {"nghỉ"}}
	return map[string]expect{
		"GET /me/programs":                           own("/me/programs", 200, nil),
		"GET /me/external":                           own("/me/external", 200, nil),
		"POST /me/external":                          own("/me/external", 422, nil),
		"POST /me/external/:external<guid>/withdraw": own("/me/external/{external}/withdraw", 303, nil),
		"GET /me/external/files/:file<guid>":         {path: "/me/external/files/{proof}", nobody: toSignIn, roles: each(200, makers...), beyond: 404, rest: 404},
		"GET /programs/files/:file<guid>":            own("/programs/files/{decision}", 200, nil),
		"GET /external":                              list("/external", nil, makers...),
		"POST /external/:external<guid>":             aimed("/external/{external}", 303, url.Values{"decision": {"accept"}}, makers...),

		"GET /programs/at":                         {path: "/programs/at", nobody: toSignIn, roles: each(303, readers...), beyond: 303, rest: 403},
		"GET /programs/at/:unit":                   aimed("/programs/at/{unit}", 200, nil, readers...),
		"GET /programs/at/:unit/report":            aimed("/programs/at/{unit}/report", 200, nil, readers...),
		"GET /programs/at/:unit/export":            aimed("/programs/at/{unit}/export", 200, nil, readers...),
		"POST /programs/at/:unit/remind":           aimed("/programs/at/{unit}/remind", 303, nil, makers...),
		"GET /programs/cases/:case<guid>":          aimed("/programs/cases/{case}", 200, nil, readers...),
		"POST /programs/cases/:case<guid>/extend":  aimed("/programs/cases/{case}/extend", 303, decided, makers...),
		"POST /programs/cases/:case<guid>/exempt":  aimed("/programs/cases/{case}/exempt", 303, decided, makers...),
		"POST /programs/cases/:case<guid>/enforce": aimed("/programs/cases/{case}/enforce", 303, nil, makers...),

		"GET /programs":                         list("/programs", nil, makers...),
		"GET /programs/new":                     list("/programs/new", nil, makers...),
		"POST /programs":                        {path: "/programs", form: draft, nobody: toSignIn, roles: each(303, makers...), beyond: 422, rest: 403},
		"GET /programs/:program<guid>":          aimed("/programs/{program}", 200, nil, makers...),
		"POST /programs/:program<guid>":         aimed("/programs/{program}", 303, draft, makers...),
		"GET /programs/:program<guid>/preview":  aimed("/programs/{program}/preview", 200, nil, makers...),
		"POST /programs/:program<guid>/publish": aimed("/programs/{program}/publish", 409, nil, makers...), // there is no draft
		"POST /programs/:program<guid>/discard": aimed("/programs/{program}/discard", 303, draft, makers...),
		"POST /programs/:program<guid>/close":   aimed("/programs/{program}/close", 303, draft, makers...),
		"GET /programs/:program<guid>/history":  aimed("/programs/{program}/history", 200, nil, makers...),
	}
}

func certificateAccess() map[string]expect {
	keepers, designers := identity.Managers, []identity.Role{identity.ProvinceAdmin}
	record := "/certificates/{record}"
	return map[string]expect{
		"GET /v":       open("/v"),
		"GET /v/:code": open("/v/{code}"),

		"GET /me/certificates":                   own("/me/certificates", 200, nil),
		"GET /me/certificates/:record<guid>/pdf": own("/me/certificates/{record}/pdf", 404, nil), // somebody else's

		"GET /certificates/:record<guid>":          aimed(record, 200, nil, keepers...),
		"GET /certificates/:record<guid>/pdf":      aimed(record+"/pdf", 200, nil, keepers...),
		"GET /certificates/:record<guid>/revoke":   aimed(record+"/revoke", 200, nil, keepers...),
		"POST /certificates/:record<guid>/revoke":  aimed(record+"/revoke", 303, url.Values{"reason": {"mistaken"}, "note": {"Nhầm người"}}, keepers...),
		"POST /certificates/:record<guid>/reissue": aimed(record+"/reissue", 303, nil, keepers...),

		"GET /certificates":                          aimed("/certificates?unit={unit}", 200, nil, keepers...),
		"GET /certificates/list":                     aimed("/certificates/list?unit={unit}", 200, nil, keepers...),
		"POST /certificates/prints":                  aimed("/certificates/prints?unit={unit}", 303, url.Values{"id": {"{id}"}, "record": {"{record}"}}, keepers...),
		"GET /certificates/prints/:print<guid>":      {path: "/certificates/prints/{print}", nobody: toSignIn, roles: each(404, keepers...), beyond: 404, rest: 403}, // somebody else's
		"GET /certificates/prints/:print<guid>/file": {path: "/certificates/prints/{print}/file", nobody: toSignIn, roles: each(404, keepers...), beyond: 404, rest: 403},

		"GET /certificates/template":                {path: "/certificates/template", nobody: toSignIn, roles: each(303, designers...), beyond: 303, rest: 403},
		"GET /certificates/template/:unit":          aimed("/certificates/template/{unit}", 404, nil, designers...), // no province
		"POST /certificates/template/:unit":         aimed("/certificates/template/{unit}", 404, nil, designers...),
		"POST /certificates/template/:unit/preview": aimed("/certificates/template/{unit}/preview", 404, nil, designers...),
	}
}

func noticeAccess() map[string]expect {
	own := func(path string, status int, form url.Values) expect { return own("/me/notices"+path, status, form) }
	admins := func(path string, status int, form url.Values) expect {
		return expect{path: "/notices/templates" + path, form: form, nobody: toSignIn, roles: each(status, identity.ProvinceAdmin), beyond: status, rest: 403}
	}
	operators := func(path string, status int) expect {
		return expect{path: "/ops/notices" + path, nobody: toSignIn, roles: each(status, identity.Operator), beyond: status, rest: 403}
	}
	return map[string]expect{
		"GET /me/notices":                        own("", 200, nil),
		"POST /me/notices/read":                  own("/read", 303, nil),
		"POST /me/notices/:notice<guid>/open":    own("/{notice}/open", 404, nil), // somebody else's
		"GET /me/notices/settings":               own("/settings", 200, nil),
		"POST /me/notices/settings":              own("/settings", 303, url.Values{"wish": {"reminders/email"}, "quiet_from": {"21"}, "quiet_until": {"7"}}),
		"POST /me/notices/email":                 own("/email", 503, url.Values{"email": {"an@example.vn"}}), // no mail server
		"POST /me/notices/email/drop":            own("/email/drop", 303, nil),
		"GET /me/notices/email/:token":           own("/email/none", 200, nil),
		"POST /me/notices/email/:token":          own("/email/none", 303, nil), // leads to what is to be done
		"POST /me/notices/calendar":              own("/calendar", 200, nil),
		"POST /me/notices/calendar/end":          own("/calendar/end", 303, nil),
		"GET /calendar/:token.ics":               open("/calendar/{calendar}.ics"),
		"GET /notices/templates":                 admins("", 200, nil),
		"GET /notices/templates/:kind":           admins("/program-due", 200, nil),
		"POST /notices/templates/:kind":          admins("/program-due", 422, nil), // without a word
		"POST /notices/templates/:kind/reset":    admins("/program-due/reset", 303, nil),
		"GET /ops/notices":                       operators("", 200),
		"POST /ops/notices/again":                operators("/again", 303),
		"POST /ops/notices/:message<guid>/again": operators("/{id}/again", 303),
	}
}

func siteAccess() map[string]expect {
	return map[string]expect{
		"POST /preferences": {path: "/preferences", form: url.Values{"size": {"l"}}, nobody: 303, rest: 303},
		"GET /static/:file": {path: "/static/none.css", nobody: 404, rest: 404},
		"GET /media/:file":  {path: "/media/none.svg", nobody: 404, rest: 404},
		"GET /favicon.ico":  open("/favicon.ico"),
		"GET /healthz":      open("/healthz"),
		"GET /readyz":       {path: "/readyz", nobody: 503, rest: 503},  // no worker in this test
		"GET /metrics":      {path: "/metrics", nobody: 404, rest: 404}, // not from this machine

		"GET /me/certificates/:record<guid>/credential": own("/me/certificates/{id}/credential", 404, nil), // somebody else's
		"GET /me/certificates/:record<guid>/badge":      own("/me/certificates/{id}/badge", 404, nil),
		"GET /.well-known/did.json":                     open("/.well-known/did.json"),
		"GET /credentials/status/:list<min(0)>":         open("/credentials/status/0"),
	}
}
