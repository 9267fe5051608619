package e2e

import (
	"context"
	"strings"
	"testing"

	"hocso/internal/identity"
	"hocso/internal/practice"
)

// TestLearningReflows: at 320 pixels and with the largest type, nothing of what
// residents learn with has to be scrolled sideways.
func TestLearningReflows(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	shelf, err := practice.NewLibrary(practice.NewStore(s.db)).Shelf(context.Background())
	must(t, err)
	p := browse(t, s, narrow, true)
	p.open("/")
	p.prefer("size", "l")
	look := func(label, path string) {
		p.open(path)
		p.fits()
		p.shoot("narrow-" + label)
	}
	for _, path := range []string{
		"/", "/sign-in", "/courses/" + firstCourse, "/courses/" + firstCourse + "/lessons/internet-la-gi",
		"/courses/" + firstCourse + "/handout", "/courses/" + firstCourse + "/guide", "/courses/" + firstCourse + "/loudspeaker",
		"/practice", "/practice/quet-ma-qr", "/skills", "/glossary",
	} {
		look(path[strings.LastIndex(path, "/")+1:], path)
	}
	p.signIn(identity.Resident)
	p.visitQuiz(s, look)
	for _, path := range []string{"/", "/me", "/me/skills", "/me/account"} {
		look("own-"+path[strings.LastIndex(path, "/")+1:], path)
	}
	for _, version := range shelf {
		variant := version.Script.Variants[0].ID
		p.open("/practice/runs/" + s.beginRun(t, s.signedIn(t, p), version.Slug, variant).String())
		for _, screen := range version.Script.Reachable(variant) {
			p.draw(screen.ID)
			p.fits()
			p.shoot("narrow-" + version.Slug + "-" + screen.ID)
		}
	}
}
