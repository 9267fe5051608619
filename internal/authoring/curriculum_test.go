package authoring

import (
	"strings"
	"testing"
	"testing/fstest"

	"hocso/internal/platform/clock"
)

// TestWhatGoesWithACourse: papers, banks, sentences, marked words, sounds and
// further languages, and what is wrong with them.
func TestWhatGoesWithACourse(t *testing.T) {
	t.Parallel()
	const lesson = "lessons/chon-dat.md"
	body := func(text string) change { return edit(lesson, "\n---\n", "\n---\n"+text+"\n\n") }
	long := strings.TrimSpace(strings.Repeat("rau ", 33))
	for name, test := range map[string]struct {
		change change
		want   []string
	}{
		"no handout":           {remove("handout.md"), []string{"handout.md:1:1: không thấy handout.md"}},
		"a handout too short":  {write("handout.md", "Tưới ít thôi.\n"), []string{"handout.md:1:1: có 3 chữ, cần từ 80"}},
		"officials need none":  {changes(remove("handout.md"), remove("guide.md"), remove("loudspeaker.md"), edit("course.yaml", "track: residents", "track: officials")), nil},
		"no such track":        {edit("course.yaml", "track: residents", "track: cats"), []string{"course.yaml:18:1: `track` không nhận giá trị “cats”"}},
		"a bank too small":     {edit("quiz.yaml", "draw: 8", "draw: 10"), []string{"quiz.yaml:97:1: `draw` là 10 nhưng ngân hàng chỉ có 10 câu"}},
		"nobody asks":          {all("quiz.yaml", "lesson: gieo-hat", "lesson: chon-dat"), []string{"lessons/gieo-hat.md:1:1: chưa có câu hỏi nào về bài này"}},
		"a long sentence":      {body(long + "."), []string{lesson + ":12:1: câu dài 33 chữ, tối đa 32: “rau rau rau rau rau…”"}},
		"officials read more":  {changes(body(long+"."), edit("course.yaml", "track: residents", "track: officials")), nil},
		"a marked word":        {body("Xem [mã OTP](term:ma-otp) nhé."), nil},
		"a word marked badly":  {body("Xem [mã OTP](term:Ma-OTP) nhé."), []string{lesson + ":12:5: “Ma-OTP” không phải mã của một từ"}},
		"another language":     {write("lessons/chon-dat.sed.md", "---\ntitle: \"Chọn\"\npicture_alt: \"Tay\"\nsummary: \"Nhớ\"\ndo: \"Làm\"\n---\nNội dung.\n"), nil},
		"a language that none": {write("lessons/chon-dat.xyz.md", "---\ntitle: \"Chọn\"\npicture_alt: \"Tay\"\nsummary: \"Nhớ\"\ndo: \"Làm\"\n---\n"), []string{"lessons/chon-dat.xyz.md:1:1: không có tiếng nào mang mã “xyz”"}},
		"of no lesson":         {write("lessons/khong-co.sed.md", "---\ntitle: \"Chọn\"\npicture_alt: \"Tay\"\nsummary: \"Nhớ\"\ndo: \"Làm\"\n---\n"), []string{"lessons/khong-co.sed.md:1:1: không thấy bài tiếng Việt"}},
		"a recording":          {write("audio/chon-dat.mp3", "ID3rest"), nil},
		"no recording":         {write("audio/chon-dat.mp3", "text"), []string{"audio/chon-dat.mp3:1:1: tệp không phải âm thanh loại .mp3"}},
		"a recording of none":  {write("audio/khong-co.ogg", "OggSrest"), []string{"audio/khong-co.ogg:1:1: không có bài học lessons/khong-co.md"}},
		"a practice twice":     {edit("course.yaml", "    lessons:", "    practices: [mot, mot]\n    lessons:"), []string{"course.yaml:11:22: bài thực hành “mot” đã có ở dòng 11"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := good(t)
			test.change(t, files)
			_, problems := Read(files, goodCourse)
			if len(problems) != len(test.want) {
				t.Fatalf("got %d problems, want %d:\n%v", len(problems), len(test.want), problems)
			}
			for i, want := range test.want {
				if got := problems[i].String(); !strings.HasPrefix(got, goodCourse+"/"+want) {
					t.Errorf("problem %d:\n got %s\nwant %s…", i, got, want)
				}
			}
		})
	}
}

// TestVersionOfACurriculum: what was written beside the lessons is in the version.
func TestVersionOfACurriculum(t *testing.T) {
	t.Parallel()
	files := good(t)
	changes(
		write("audio/chon-dat.mp3", "ID3rest"), write("audio/chon-dat.sed.ogg", "OggSrest"),
		write("lessons/chon-dat.sed.md", "---\ntitle: \"Tên khác\"\npicture_alt: \"Tay\"\nsummary: \"Nhớ\"\ndo: \"Làm\"\n---\n"),
		edit("course.yaml", "    lessons:", "    practices: [mot]\n    lessons:"),
	)(t, files)
	source, problems := Read(files, goodCourse)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	version := source.Version(clock.System())
	first := version.Lessons[0]
	if told := first.In("sed"); told.Title != "Tên khác" || told.HTML != first.HTML || !strings.HasSuffix(told.Audio, ".ogg") {
		t.Errorf("in Xơ Đăng: %+v", told)
	}
	if told := first.In("kuf"); told != first || !strings.HasSuffix(first.Audio, ".mp3") {
		t.Errorf("in a language that it is not in: %+v", told)
	}
	if len(version.Practices) != 1 || version.Practices[0].Scenario != "mot" || version.Practices[0].After == 0 {
		t.Errorf("practices %+v", version.Practices)
	}
	if !strings.Contains(version.Handout, "<h2>") || version.Guide == "" || version.Loudspeaker == "" {
		t.Errorf("papers %q", version.Handout)
	}
	if len(source.Assets()) != len(source.media) {
		t.Errorf("%d assets of %d files", len(source.Assets()), len(source.media))
	}
}

// goodPractice is a scenario in which everything is right.
const goodPractice = `slug: mot
title: "Một"
summary: "Tập."
story: "Bạn đi chợ."
goal: "Trả tiền."
minutes: 2
skills: [payment]
digcomp: ["2.3"]
device: phone
drill: true
variants:
  - {id: that, honest: true, start: dau, values: {ten: "SÁU"}}
  - {id: gia, honest: false, start: dau, values: {ten: "LẠ"}}
screens:
  - id: dau
    look: bank
    title: "Trả"
    hint: "Gõ 5."
    elements:
      - {kind: heading, text: "{ten}"}
      - {id: tien, kind: field, text: "Tiền", accept: ["5"], wrong: "Gõ 5."}
      - {id: tra, kind: button, text: "Trả", needs: [tien], go: xong, only: [that]}
      - {id: tra-gia, kind: button, text: "Trả", needs: [tien], go: mat, only: [gia]}
      - {id: thoi, kind: button, text: "Thôi", go: nham, only: [that]}
      - {id: thoi-gia, kind: button, text: "Thôi", go: xong, only: [gia]}
  - {id: xong, look: end, title: "Xong", end: {outcome: done, text: "Xong."}}
  - {id: mat, look: end, title: "Mất", end: {outcome: caught, text: "Mất."}}
  - {id: nham, look: end, title: "Nhầm", end: {outcome: alarmed, text: "Nhầm."}}
sources: ["laodong.vn"]
`

func readOne(text string) ([]*PracticeSource, Problems) {
	found := &finder{}
	sources := readPractices(fstest.MapFS{"practices/mot.yaml": {Data: []byte(text)}}, found)
	return sources, found.sorted()
}

func TestPracticeProblems(t *testing.T) {
	t.Parallel()
	if sources, problems := readOne(goodPractice); len(problems) > 0 || len(sources) != 1 || sources[0].Version(clock.System()).Script.Device != "phone" {
		t.Fatal(problems)
	}
	for name, test := range map[string]struct{ from, to, want string }{
		"another name":          {"slug: mot", "slug: hai", "1:1: `slug` là “hai” nhưng tệp tên là “mot”"},
		"an unknown look":       {"look: bank", "look: cinema", "16:5: `look` không nhận giá trị “cinema”"},
		"no such screen":        {"go: mat,", "go: dau-do,", "23:65: không có màn hình “dau-do”"},
		"no hint":               {"    hint: \"Gõ 5.\"\n", "", "15:5: màn hình “dau” thiếu `hint`"},
		"no such variant":       {"go: xong, only: [that]", "go: xong, only: [kia]", "22:71: không có biến thể “kia”"},
		"no such field":         {"needs: [tien], go: mat", "needs: [tiep], go: mat", "23:50: không có ô “tiep”"},
		"no such flag":          {"{kind: heading, text", "{kind: heading, if: la, text", "20:9: không phần tử nào bật cờ “la”"},
		"a value that lacks":    {"text: \"{ten}\"", "text: \"{gia}\"", "20:9: biến thể “that” không có giá trị {gia}"},
		"a real brand":          {"text: \"Tiền\"", "text: \"Vietcombank\"", "21:9: có tên thương hiệu thật “Vietcombank”"},
		"no picture":            {"{kind: heading, text: \"{ten}\"}", "{kind: picture, picture: khong, text: \"Một\"}", "20:25: không thấy practices/images/khong.svg"},
		"six stars":             {"{kind: heading, text: \"{ten}\"}", "{kind: review, from: \"Lan\", value: \"6\", text: \"{ten}\"}", "20:9: lời đánh giá phải có"},
		"nothing happens":       {"text: \"Thôi\", go: nham, only: [that]", "text: \"Thôi\", only: [that]", "24:9: bấm “Thôi” không có gì xảy ra"},
		"a fraud that is none":  {"go: mat, only: [gia]", "go: xong, only: [gia]", "13:5: biến thể lừa đảo “gia” không lừa được ai"},
		"no false alarm":        {"go: nham, only: [that]", "go: xong, only: [that]", "12:5: biến thể thật “that” không đo được báo động nhầm"},
		"all fraud":             {"id: that, honest: true", "id: that, honest: false", "11:1: bài nhận ra lừa đảo phải có cả biến thể thật"},
		"a button that is none": {"{kind: heading, text: \"{ten}\"}", "{kind: heading, text: \"{ten}\", go: mat}", "20:10: phần tử loại heading không bấm được"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(goodPractice, test.from) {
				t.Fatalf("no %q", test.from)
			}
			_, problems := readOne(strings.Replace(goodPractice, test.from, test.to, 1))
			for _, problem := range problems {
				if strings.HasPrefix(problem.String(), "practices/mot.yaml:"+test.want) {
					return
				}
			}
			t.Errorf("want %s, got:\n%v", test.want, problems)
		})
	}
}

// FuzzPractice: whatever bytes a scenario is, either there are problems that
// say where and what to do, or every variant of it can be begun.
func FuzzPractice(f *testing.F) {
	f.Add([]byte(goodPractice))
	for _, text := range []string{"", "a: [", "screens:\n  - {}\n", "\xff", "slug: mot\nvariants: []\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sources, problems := readOne(string(text))
		for _, problem := range problems {
			if problem.Line < 1 || problem.Column < 1 || problem.What == "" || problem.Mend == "" {
				t.Errorf("%+v", problem)
			}
		}
		if len(problems) > 0 {
			return
		}
		for _, source := range sources {
			script := source.Version(clock.System()).Script
			for _, variant := range script.Variants {
				if _, err := script.Begin(variant.ID); err != nil {
					t.Errorf("%s can't be begun: %v", variant.ID, err)
				}
			}
		}
	})
}

// TestMarkedWordsAreExplained: a shelf knows the words that its texts mark, and
// explains none that no text marks.
func TestMarkedWordsAreExplained(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ terms, want string }{
		"explained": {`  - {slug: ma-otp, term: "mã OTP", also: [], meaning: "Mã dùng một lần.", skills: [safety]}`, ""},
		"unknown": {`  - {slug: khac, term: "khác", also: [], meaning: "Khác.", skills: [safety]}`,
			"courses/trong-rau/lessons/chon-dat.md:12:5: từ “ma-otp” không có trong glossary.yaml"},
		"unmarked": {`  - {slug: ma-otp, term: "mã OTP", also: [], meaning: "Mã dùng một lần.", skills: [safety]}` + "\n" +
			`  - {slug: khac, term: "khác", also: [], meaning: "Khác.", skills: [safety]}`,
			"glossary.yaml:3:6: chưa bài nào nhắc từ “khac”"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := good(t)
			edit("lessons/chon-dat.md", "\n---\n", "\n---\nXem [mã OTP](term:ma-otp) nhé.\n\n")(t, files)
			shelf := fstest.MapFS{"glossary.yaml": {Data: []byte("terms:\n" + c.terms + "\n")}}
			for name, file := range files {
				shelf["courses/"+name] = file
			}
			_, problems := ReadAll(shelf)
			if c.want == "" && len(problems) > 0 || c.want != "" && (len(problems) != 1 || !strings.HasPrefix(problems[0].String(), c.want)) {
				t.Errorf("%v, want %q", problems, c.want)
			}
		})
	}
}
