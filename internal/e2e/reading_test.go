package e2e

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/identity"
)

// voiced is a device whose only voice speaks a language; it tells what it says.
func voiced(language string) string {
	return fmt.Sprintf(`window.spoken = []; window.marked = 0;
		window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } };
		Object.defineProperty(window, "speechSynthesis", { value: {
			getVoices: () => [{ lang: %q }], addEventListener() {}, cancel() {},
			speak(words) { spoken.push(words); if (CSS.highlights.has("read")) marked++; setTimeout(() => words.onend(), 5) },
		} });`, language)
}

// readable are a page with a lesson, with questions, and those of practice.
func readable(p *page, s *site, t *testing.T) []string {
	p.open("/me/skills")
	p.click(`main form[action="/sittings"]:last-of-type button`)
	return []string{
		"/courses/" + firstCourse + "/lessons/internet-la-gi", p.path(), "/practice/viec-nhe-luong-cao",
		"/practice/runs/" + s.beginRun(t, s.signedIn(t, p), "viec-nhe-luong-cao", "nhiem-vu").String(),
	}
}

const bar = `document.querySelector("[data-reader]")`

// TestReadAloudByTheDevicesVoice: lessons, questions and practice are read
// sentence by sentence, marked as they are said, faster or slower; where there
// is no Vietnamese voice, nothing shows.
func TestReadAloudByTheDevicesVoice(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p, mute := browse(t, s, phone, true), browse(t, s, phone, true)
	p.before(voiced("vi-VN"))
	mute.before(voiced("en-US"))
	p.signIn(identity.Resident)
	mute.signIn(identity.Resident)
	for _, path := range readable(p, s, t) {
		p.open(path)
		p.waits(5*time.Second, "the reader", func() bool { return eval[bool](p, "!"+bar+".hidden") })
		p.isAccessible()
		p.fits()
		eval[bool](p, bar+`.querySelector("[data-reader-faster]").click() ?? true`)
		eval[bool](p, bar+`.querySelector("[data-reader-play]").click() ?? true`)
		p.waits(10*time.Second, "five sentences", func() bool { return eval[int](p, "spoken.length") >= 5 })
		if eval[int](p, "marked") == 0 {
			t.Errorf("%s: no sentence is marked", path)
		}
		if eval[float64](p, "spoken[0].rate") <= 1 {
			t.Errorf("%s: it is not read faster", path)
		}
		if said := eval[string](p, `spoken.map((words) => words.text).join("|")`); strings.Contains(said, "Nghe") {
			t.Errorf("%s: it reads its own buttons: %s", path, said)
		}
		eval[bool](p, `localStorage.clear() ?? true`)
	}
	// A tap on the drawn phone stops the reading, and the new screen is read next.
	p.play("touch", []string{"lam-thu"})
	p.waits(time.Second, "silence", func() bool { return eval[bool](p, `document.querySelector("[data-reader-stop]").hidden`) })
	eval[bool](p, `(spoken.length = 0, `+bar+`.querySelector("[data-reader-play]").click()) ?? true`)
	p.waits(10*time.Second, "the new screen", func() bool {
		return strings.Contains(eval[string](p, `spoken.map((words) => words.text).join("|")`), "Rời nhóm")
	})
	for _, path := range readable(mute, s, t) {
		mute.open(path)
		if eval[bool](mute, `[...document.querySelectorAll("[data-reader], [data-listen]")].some((e) => e.checkVisibility())`) {
			t.Errorf("%s: without a voice there is something to listen to", path)
		}
	}
}

// TestReadAloudByARecording: a lesson that has one plays it, on devices
// without any voice too, and marks about where it is.
func TestReadAloudByARecording(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	silence := bytes.Repeat(append([]byte{0xff, 0xfb, 0x90, 0x00}, make([]byte, 413)...), 150) // four seconds of MP3
	name := strings.ReplaceAll(uuid.NewString(), "-", "")[:16] + ".mp3"
	_, err := s.db.NewInsert().Model(&course.Asset{Name: name, Mime: "audio/mpeg", Bytes: silence}).Exec(context.Background())
	must(t, err)
	_, err = s.db.NewRaw("UPDATE lessons SET audio = ? WHERE slug = 'internet-la-gi'", name).Exec(context.Background())
	must(t, err)
	p := browse(t, s, phone, true)
	p.before(`delete window.speechSynthesis; window.players = []; window.Audio = class extends Audio { constructor() { super(); players.push(this) } }`)
	p.open("/courses/" + firstCourse + "/lessons/internet-la-gi")
	p.waits(5*time.Second, "the reader", func() bool { return eval[bool](p, "!"+bar+".hidden") })
	if eval[string](p, "players[0].src") != "" {
		t.Error("the recording is fetched before anybody asks for it")
	}
	p.press("[data-reader-play]")
	p.waits(10*time.Second, "the recording plays", func() bool {
		return eval[bool](p, `players[0].currentTime > 0.2 && CSS.highlights.has("read")`)
	})
	p.waits(10*time.Second, "the end", func() bool { return eval[bool](p, `players[0].ended && !CSS.highlights.has("read")`) })
}
