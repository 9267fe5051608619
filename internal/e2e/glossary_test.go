package e2e

import (
	"testing"
	"time"
)

// TestAMarkedWordIsExplained: a tap opens its meaning where the reader is, and
// gives the reader back; without scripts the word leads to the glossary.
func TestAMarkedWordIsExplained(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	const lesson, word = "/courses/" + firstCourse + "/lessons/internet-la-gi", `a.term[href$="#internet"]`
	p, plain := browse(t, s, phone, true), browse(t, s, phone, false)

	p.open(lesson)
	p.press(word)
	p.waits(5*time.Second, "the meaning", func() bool {
		return eval[bool](p, `document.querySelector("dialog[open] p")?.checkVisibility() ?? false`)
	})
	p.isAccessible()
	p.fits()
	p.shoot("lesson-word")
	p.press("dialog button")
	// A browser tells of a dialog that closes in a task of its own.
	p.waits(5*time.Second, "the reader back at the word", func() bool {
		return eval[bool](p, `document.querySelector("dialog") === null && document.activeElement.matches('`+word+`')`)
	})

	plain.open(lesson)
	plain.click(word)
	if got := eval[string](plain, "location.pathname + location.hash"); got != "/glossary#internet" {
		t.Errorf("the word leads to %s", got)
	}
}
