package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"hocso/internal/identity"
)

// look is how somebody looks at the site.
type look struct {
	on          screen
	theme, size string
}

// looks are the corners between which everything else lies; who asks for
// pictures gets them all.
func looks() []look {
	corners := []look{{phone, "light", "m"}, {phone, "contrast", "l"}, {laptop, "light", "m"}, {laptop, "contrast", "l"}}
	if os.Getenv("HOCSO_SHOTS") == "" {
		return corners
	}
	return append(corners, look{phone, "contrast", "m"}, look{phone, "light", "l"}, look{laptop, "contrast", "m"}, look{laptop, "light", "l"})
}

// TestScreens looks at every page on a phone and a laptop, in both contrasts
// and at the largest type: nothing may be wider than the screen, and axe must
// find nothing.
func TestScreens(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	keepLog(t, s)
	for _, look := range looks() {
		name := fmt.Sprintf("%s-%s-%s", look.on.name, look.theme, look.size)
		t.Run(name, func(t *testing.T) {
			p := browse(t, s, look.on, true)
			p.open("/")
			p.prefer("theme", look.theme)
			p.prefer("size", look.size)
			visit := func(label, path string) {
				p.open(path)
				p.isAccessible()
				p.fits()
				p.shoot(name + "-" + label)
			}
			visit("home", "/")
			visit("sign-in", "/sign-in")
			visit("course", "/courses/"+firstCourse)
			visit("lesson", "/courses/"+firstCourse+"/lessons/internet-la-gi")
			visit("practice", "/practice")
			visit("practice-intro", "/practice/quet-ma-qr")
			visit("skills", "/skills")
			visit("glossary", "/glossary")
			visit("handout", "/courses/"+firstCourse+"/handout")
			visit("guide", "/courses/"+firstCourse+"/guide")
			visit("not-found", "/nowhere")
			p.signIn(identity.Resident)
			visit("me", "/me")
			visit("home-resident", "/")
			p.visitQuiz(s, visit)
			visit("course-learner", "/courses/"+firstCourse)
			visit("practice-run", "/practice/runs/"+s.beginRun(t, s.signedIn(t, p), "quet-ma-qr", "dung-ma").String())
			visit("practice-run-browser", "/practice/runs/"+s.beginRun(t, s.signedIn(t, p), "nop-ho-so", "thuong").String())
			visit("my-skills", "/me/skills")
			p.open("/me/skills")
			p.click(`main form[action="/sittings"]:last-of-type button`)
			visit("sitting", p.path())
			p.click(`main form[action^="/sittings/"] button[type=submit]`)
			visit("sitting-result", p.path())
			p.visitOwn(s, visit)
			p.visitPeople(s, visit, func(label string) { p.shoot(name + "-" + label) })
			p.visitPrograms(s, visit)
			p.visitRecords(s, visit)
			p.visitNotices(s, visit)
			p.signIn(identity.Coordinator)
			visit("pilot-commune", "/pilot/"+commune)
			visit("audit", "/audit")
			visit("audit-wrong", "/audit?unit=48&from=2026-01-02&to=2026-01-03")
			visit("audit-none", "/audit?to=2020-01-01")
			p.signIn(identity.ProvinceAdmin)
			visit("pilot-province", "/pilot/48?sort=enrolled&dir=desc")
			p.signIn(identity.Operator)
			visit("queue", "/ops/queue")
		})
	}
}

// visitOwn looks at what a resident has of their own, and at the ways in.
func (p *page) visitOwn(s *site, visit func(label, path string)) {
	p.t.Helper()
	visit("account", "/me/account")
	visit("secret", "/me/secret")
	visit("data", "/me/data")
	visit("data-print", "/me/data/print")
	visit("erase", "/me/data/erase")
	visit("household", "/switch")
	visit("household-one", eval[string](p, `document.querySelector('main a[href^="/switch/"]').getAttribute('href')`))
	visit("join", "/join")
	visit("join-register", "/join/"+s.joinCode(p.t))
	visit("card", "/card/"+s.card(p.t))
	p.click(`.pin-grid button[value="3"]`)
	p.isAccessible()
	visit("card-gone", "/card/none")
}

// visitPeople looks at what those see who look after people.
func (p *page) visitPeople(s *site, visit func(label, path string), shoot func(label string)) {
	p.t.Helper()
	p.signIn(identity.UnitHead)
	visit("people", "/people")
	visit("person", "/people/"+s.resident(p.t).String())
	visit("register", "/people/new")
	eval[bool](p, `document.querySelector('main form[action="/people"]').noValidate = true`)
	p.click(`main form[action="/people"] button[type=submit]`) // with nothing in it
	p.sees("Cần có họ và tên")
	p.isAccessible()
	shoot("register-errors")
	visit("unit", "/units/"+commune)
	visit("units", "/units?q=tra+my")
	visit("join-codes", "/join-codes")
	visit("requests", "/requests")
	p.open("/people")
	p.tick(`main form[action="/people/cards"] input[value="` + s.resident(p.t).String() + `"]`)
	p.click(`main form[action="/people/cards"] button`)
	p.sees("In thẻ đăng nhập")
	p.isAccessible()
	p.fits()
	shoot("cards")
}

// visitQuiz looks at the form, at the form with its errors and at the result.
func (p *page) visitQuiz(s *site, visit func(label, path string)) {
	p.t.Helper()
	eval[bool](p, `(() => { for (const path of ['enrol', 'quiz']) { const r = new XMLHttpRequest();
		r.open('POST', '/courses/`+firstCourse+`/' + path, false); r.send(); window.reached = r.responseURL } return true })()`)
	attempt := eval[string](p, "new URL(window.reached).pathname")
	visit("quiz", attempt)
	p.answer(nil)
	p.sees("chưa trả lời")
	p.isAccessible()
	p.fits()
	p.answer(rightAnswers(p.t, s))
	p.waits(10*time.Second, "the result", func() bool { return strings.Contains(p.text(), "100") })
	visit("result", attempt)
	visit("me-learner", "/me")
}

// prefer presses a button of the strip, if the page does not look so already.
func (p *page) prefer(name, value string) {
	p.t.Helper()
	button := fmt.Sprintf(`form[action="/preferences"] button[name=%q][value=%q]`, name, value)
	if eval[bool](p, fmt.Sprintf("document.querySelector('%s') !== null", button)) {
		p.click(button)
	}
}
