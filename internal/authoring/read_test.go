package authoring

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

const goodCourse = "trong-rau"

// good is a course in which everything is right, as files that a test may change.
func good(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	disk := os.DirFS("testdata")
	err := fs.WalkDir(disk, goodCourse, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(disk, name)
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A change makes the good course wrong.
type change func(t *testing.T, files fstest.MapFS)

// edit replaces the first occurrence of a text.
func edit(file, from, to string) change {
	return func(t *testing.T, files fstest.MapFS) {
		text := string(files[goodCourse+"/"+file].Data)
		if !strings.Contains(text, from) {
			t.Fatalf("%s has no %q", file, from)
		}
		files[goodCourse+"/"+file] = &fstest.MapFile{Data: []byte(strings.Replace(text, from, to, 1))}
	}
}

// all replaces every occurrence of a text.
func all(file, from, to string) change {
	return func(_ *testing.T, files fstest.MapFS) {
		text := string(files[goodCourse+"/"+file].Data)
		files[goodCourse+"/"+file] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, from, to))}
	}
}

func write(file, text string) change {
	return func(_ *testing.T, files fstest.MapFS) {
		files[goodCourse+"/"+file] = &fstest.MapFile{Data: []byte(text)}
	}
}

func remove(file string) change {
	return func(_ *testing.T, files fstest.MapFS) { delete(files, goodCourse+"/"+file) }
}

// body puts a line in the place of line 12 of a lesson, the first after the front matter.
func body(line string) change {
	return edit("lessons/chon-dat.md", "---\n\nTrồng", "---\n"+line+"\n\nTrồng")
}

func changes(list ...change) change {
	return func(t *testing.T, files fstest.MapFS) {
		for _, one := range list {
			one(t, files)
		}
	}
}

const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">` + "\n%s\n</svg>"

func drawn(inner string) change { return write("images/bia.svg", fmt.Sprintf(picture, inner)) }

// TestProblems has every rule, and of each problem its exact place and the
// start of what it says. Nothing else may be said.
func TestProblems(t *testing.T) {
	const lesson = "lessons/chon-dat.md"
	for name, test := range map[string]struct {
		change change
		want   []string
	}{
		"good":         {changes(), nil},
		"windows file": {changes(all("quiz.yaml", "\n", "\r\n"), all(lesson, "\n", "\r\n"), edit("course.yaml", "# A", "\ufeff# A")), nil},
		"hidden files": {changes(write(".DS_Store", "\x00"), write("lessons/.chon-dat.md.swp", "\x00"), write(".git/config", "x")), nil},

		// The folder and its files.
		"no outline":       {remove("course.yaml"), []string{"course.yaml:1:1: không thấy course.yaml"}},
		"no quiz":          {remove("quiz.yaml"), []string{"quiz.yaml:1:1: không thấy quiz.yaml"}},
		"stray file":       {write("notes.txt", "x"), []string{"notes.txt:1:1: tệp này không thuộc"}},
		"bad file name":    {write("lessons/Bài 1.md", "x"), []string{"lessons/Bài 1.md:1:1: tệp này không thuộc"}},
		"text too long":    {write("quiz.yaml", strings.Repeat("# x\n", 70_000)), []string{"quiz.yaml:1:1: tệp nặng hơn 256 KB"}},
		"lesson too long":  {write(lesson, strings.Repeat("rau ", 9_000)), []string{lesson + ":1:1: tệp nặng hơn 32 KB"}},
		"not UTF-8":        {edit("quiz.yaml", "bước 2", "b\xff"), []string{"quiz.yaml:16:31: tệp không phải UTF-8"}},
		"control":          {edit("quiz.yaml", "bước 2", "b\x00"), []string{"quiz.yaml:16:31: có ký tự ẩn U+0000"}},
		"zero width":       {edit(lesson, "không khó", "không\u200b khó"), []string{lesson + ":13:16: có ký tự ẩn U+200B"}},
		"turned direction": {edit(lesson, "không khó", "\u202ekhông khó"), []string{lesson + ":13:11: có ký tự ẩn U+202E"}},
		"decomposed":       {edit(lesson, "khó.", "kho\u0301."), []string{lesson + ":13:19: chữ Việt ở dạng tổ hợp"}},
		"link to a file": {func(_ *testing.T, files fstest.MapFS) {
			files[goodCourse+"/quiz.yaml"] = &fstest.MapFile{Data: []byte("x"), Mode: fs.ModeSymlink}
		}, []string{"quiz.yaml:1:1: đây không phải tệp thường"}},

		// YAML as such.
		"broken YAML":          {edit("quiz.yaml", "    text: Việc nào nên làm ở bước 2?", "    text: Việc: nào"), []string{"quiz.yaml:16:11: YAML viết sai"}},
		"broken quote":         {edit("quiz.yaml", `text: "Nhổ cỏ"`, `text: "Nhổ cỏ`), []string{"quiz.yaml:50:25: YAML viết sai"}},
		"doubled key":          {edit("course.yaml", "minutes: 25", "minutes: 25\nminutes: 26"), []string{"course.yaml:9:1: YAML viết sai"}},
		"broken front matter":  {edit(lesson, "minutes: 4", "minutes 4"), []string{lesson + ":3:1: YAML viết sai"}},
		"anchor":               {edit("course.yaml", "Bắt đầu", "&a Bắt đầu"), []string{"course.yaml:10:12: cách viết YAML"}},
		"tag":                  {edit("course.yaml", "Bắt đầu", "!!str 5"), []string{"course.yaml:10:12: cách viết YAML"}},
		"merge key":            {edit("course.yaml", "slug:", "<<: {a: 1}\nslug:"), []string{"course.yaml:2:1: cách viết YAML"}},
		"two documents":        {edit("course.yaml", "skill:", "---\nskill:"), []string{"course.yaml:3:1: tệp có dòng ---"}},
		"too deep in brackets": {write("quiz.yaml", "a: 1\nb: "+strings.Repeat("[", 40)), []string{"quiz.yaml:2:34: các mục lồng nhau quá sâu"}},
		"too deep in dashes":   {write("quiz.yaml", "a:\n"+strings.Repeat("- ", 40)+"x"), []string{"quiz.yaml:2:1: các mục lồng nhau quá sâu"}},
		"empty file":           {write("quiz.yaml", ""), []string{"quiz.yaml:1:1: tệp còn trống"}},
		"only comments":        {write("quiz.yaml", "# soon\n"), []string{"quiz.yaml:1:1: tệp còn trống"}},
		"a list for a map":     {write("quiz.yaml", "\n\n- a\n"), []string{"quiz.yaml:3:1: tệp phải là các mục"}},

		// The schemas.
		"missing":         {edit("course.yaml", "cover_alt: Một luống rau xanh trước nhà\n", ""), []string{"course.yaml:2:1: thiếu `cover_alt`. Thêm `cover_alt: …` vào đây: Một câu tả tranh bìa"}},
		"unknown":         {edit("course.yaml", "title: Trồng rau", "title: Trồng rau\nauthor: Tôi"), []string{"course.yaml:5:1: không có mục nào tên `author`"}},
		"empty":           {edit("course.yaml", "title: Trồng rau", "title: \"\""), []string{"course.yaml:4:1: `title` còn trống"}},
		"nothing":         {edit("course.yaml", "title: Trồng rau", "title:"), []string{"course.yaml:4:1: `title` còn trống"}},
		"number for text": {edit("course.yaml", "title: Trồng rau", "title: 156"), []string{"course.yaml:4:1: `title` phải là chữ"}},
		"text for number": {edit("course.yaml", "minutes: 25", "minutes: hai lăm"), []string{"course.yaml:8:1: `minutes` phải là số nguyên"}},
		"half a minute":   {edit("course.yaml", "minutes: 25", "minutes: 25.5"), []string{"course.yaml:8:1: `minutes` phải là số nguyên"}},
		"endless":         {edit("course.yaml", "minutes: 25", "minutes: .inf"), []string{"course.yaml:8:1: `minutes` phải là số nguyên"}},
		"too long": {edit("course.yaml", "title: Trồng rau", "title: "+strings.Repeat("rau ", 20)),
			[]string{"course.yaml:4:1: `title` dài 79 ký tự, tối đa 60"}},
		"unknown skill": {edit("course.yaml", "skill: internet", "skill: games"), []string{"course.yaml:3:1: `skill` không nhận giá trị “games”"}},
		"bad slug in list": {edit("course.yaml", "      - bon-phan", "      - Bón phân"),
			[]string{"course.yaml:15:9: không thấy lessons/Bón phân.md", "course.yaml:15:9: mục 2 của `lessons` viết sai", "lessons/bon-phan.md:1:1: bài học này không có trong course.yaml"}},
		"lesson missing": {edit(lesson, "summary: Làm từng bước nhỏ, mỗi ngày một ít.\n", ""), []string{lesson + ":2:1: thiếu `summary`"}},
		"picture without alt": {edit(lesson, "picture_alt: Bàn tay đang làm vườn", "picture_alt: ' '"),
			[]string{lesson + ":5:1: `picture_alt` còn trống"}},
		"lesson too slow": {edit(lesson, "minutes: 4", "minutes: 40"),
			[]string{"course.yaml:8:1: `minutes` là 25, nhưng các bài học cộng lại là 56", lesson + ":3:1: `minutes` là 40, không được quá 10"}},
		"digcomp as number": {edit(lesson, `["1.1", "5.2"]`, `[1.1, "5.2"]`), []string{lesson + ":9:11: mục 1 của `digcomp` không nhận giá trị “1.1”"}},
		"digcomp twice":     {edit(lesson, `["1.1", "5.2"]`, `["1.1", "1.1"]`), []string{lesson + ":9:1: `digcomp` ghi trùng mục 1 và mục 2"}},
		"pass percent":      {edit("quiz.yaml", "pass_percent: 70", "pass_percent: 10"), []string{"quiz.yaml:1:1: `pass_percent` là 10, phải từ 50 trở lên"}},
		"single with answer": {edit("quiz.yaml", "    type: single", "    answer: true\n    type: single"),
			[]string{"quiz.yaml:5:5: `answer` không dùng cho loại câu hỏi này"}},
		"boolean with options": {edit("quiz.yaml", "    answer: false", "    answer: false\n    options: []"),
			[]string{"quiz.yaml:81:5: `options` không dùng cho loại câu hỏi này"}},
		"boolean without answer": {edit("quiz.yaml", "    answer: false\n", ""), []string{"quiz.yaml:76:5: thiếu `answer`"}},
		"two options": {edit("quiz.yaml", "      - {key: c, text: \"Che lưới khi mưa to\"}\n", ""),
			[]string{"quiz.yaml:7:5: `options` có 2 mục, cần ít nhất 3"}},
		"option key": {edit("quiz.yaml", "{key: c,", "{key: C,"), []string{"quiz.yaml:10:10: `key` viết sai: “C”"}},
		"unknown type": {edit("quiz.yaml", "type: boolean", "type: maybe"),
			[]string{"quiz.yaml:78:5: `type` không nhận giá trị “maybe”"}},

		// course.yaml against the folder.
		"slug is not the folder": {edit("course.yaml", "slug: trong-rau", "slug: trong-hoa"), []string{"course.yaml:2:1: `slug` là “trong-hoa”"}},
		"lesson named twice":     {edit("course.yaml", "      - bon-phan", "      - bon-phan\n      - gieo-hat"), []string{"course.yaml:16:9: bài học “gieo-hat” đã có ở dòng 11"}},
		"lesson not there":       {edit("course.yaml", "      - bon-phan", "      - bon-phan\n      - bo-phan"), []string{"course.yaml:16:9: không thấy lessons/bo-phan.md"}},
		"lesson not named": {edit("course.yaml", "      - bon-phan\n", ""),
			[]string{"course.yaml:9:1: khóa học có 4 bài, cần ít nhất 5", "lessons/bon-phan.md:1:1: bài học này không có trong course.yaml"}},
		"course too short": {edit("course.yaml", "minutes: 25", "minutes: 19"), []string{"course.yaml:8:1: `minutes` là 19"}},
		"course too slow":  {edit("course.yaml", "minutes: 25", "minutes: 41"), []string{"course.yaml:8:1: `minutes` là 41"}},

		// Lessons.
		"no front matter":   {edit(lesson, "---\n", ""), []string{lesson + ":1:1: bài học phải mở đầu"}},
		"front matter open": {write(lesson, "---\ntitle: x\n"), []string{lesson + ":1:1: bài học phải mở đầu"}},
		"too few words":     {edit(lesson, "Rau ăn lá lớn nhanh, khoảng ba mươi ngày là hái được. Bác hái lá già trước, chừa lá non để cây ra tiếp. Cứ hai tuần bác gieo thêm một hàng mới, nhà mình sẽ có rau ăn quanh năm. Hàng xóm hỏi thì bác chỉ lại cho họ: chỉ cho người khác là cách nhớ lâu nhất.", ""), []string{lesson + ":12:1: bài có 147 chữ, cần ít nhất 150"}},
		"too many words":    {changes(body(strings.Repeat("Rau rau rau rau. ", 150)), edit(lesson, "minutes: 4", "minutes: 5")), []string{lesson + ":12:1: bài có 806 chữ, tối đa 700"}},
		"too fast":          {edit(lesson, "minutes: 4", "minutes: 1"), []string{lesson + ":3:1: 1 phút là quá ít để đọc 206 chữ. Ghi ít nhất 2 phút"}},
		"top heading":       {body("# Chọn đất"), []string{lesson + ":12:1: tiêu đề cấp 1"}},
		"deep heading":      {edit(lesson, "### Khi", "#### Khi"), []string{lesson + ":23:1: tiêu đề cấp 4"}},
		"heading skips":     {body("### Nhỏ trước"), []string{lesson + ":12:1: tiêu đề ### đứng trước"}},
		"underlined title":  {body("Chọn đất\n=="), []string{lesson + ":12:1: tiêu đề cấp 1"}},
		"empty heading":     {body("##"), []string{lesson + ":12:1: tiêu đề không có chữ"}},
		"HTML block":        {body("<div>x</div>"), []string{lesson + ":12:1: có mã HTML"}},
		"HTML in a line":    {body("một <b>hai</b>"), []string{lesson + ":12:5: có mã HTML", lesson + ":12:11: có mã HTML"}},
		"HTML comment":      {body("một <!-- hai -->"), []string{lesson + ":12:5: có mã HTML"}},
		"less than":         {body("nhỏ hơn < 3 và <156>"), nil},
		"image":             {body("rau ![tươi](x.png)"), []string{lesson + ":12:5: có ảnh trong bài"}},
		"indented code":     {body("    rau"), []string{lesson + ":12:5: dòng thụt vào"}},
		"fenced code":       {body("```\nrau\n```"), []string{lesson + ":12:1: có đoạn mã"}},
		"code in a line":    {body("rau `muống`"), []string{lesson + ":12:5: có đoạn mã"}},
		"rule":              {body("***"), []string{lesson + ":12:1: có đường kẻ ngang"}},
		"link aside":        {body("[a]: https://example.gov.vn"), []string{lesson + ":12:1: địa chỉ liên kết để riêng"}},
		"script link":       {body("rau [xem](javascript:alert(1))"), []string{lesson + ":12:5: liên kết “javascript:alert(1)”"}},
		"plain link":        {body("[xem](http://example.gov.vn)"), []string{lesson + ":12:1: liên kết “http:"}},
		"link inside":       {body("[xem](/khoa-hoc)"), []string{lesson + ":12:1: liên kết “/khoa-hoc”"}},
		"link with name":    {body("[xem](https://vcb.com.vn@evil.example)"), []string{lesson + ":12:1: liên kết"}},
		"link with title":   {body(`[xem](https://example.gov.vn "đi")`), []string{lesson + ":12:1: liên kết có lời chú"}},
		"empty link":        {body("rau [](https://example.gov.vn)"), []string{lesson + ":12:5: liên kết không có chữ"}},
		"address":           {body("rau <https://example.gov.vn> **<tel:156>**"), nil},
		"mail":              {body("rau <a@example.gov.vn>"), []string{lesson + ":12:5: liên kết “a@example.gov.vn”"}},
		"in a quote":        {body("> một\n> hai <i>"), []string{lesson + ":13:7: có mã HTML"}},
		"in a list":         {body("- một\n  - hai <i>"), []string{lesson + ":13:9: có mã HTML"}},

		// Quiz.
		"id twice":         {edit("quiz.yaml", "id: nhieu-1", "id: chon-1"), []string{"quiz.yaml:43:5: `id` “chon-1” đã có ở dòng 3"}},
		"no such lesson":   {edit("quiz.yaml", "lesson: gieo-hat", "lesson: gieo-ma"), []string{"quiz.yaml:14:5: không có bài học “gieo-ma”"}},
		"key twice":        {edit("quiz.yaml", "{key: c,", "{key: b,"), []string{"quiz.yaml:10:10: `key` “b” đã có ở dòng 9"}},
		"option twice":     {edit("quiz.yaml", `"Che lưới khi mưa to"}`, `"Tưới nhẹ mỗi sáng"}`), []string{"quiz.yaml:10:18: lựa chọn này giống lựa chọn ở dòng 9"}},
		"single, none":     {edit("quiz.yaml", ", correct: true", ""), []string{"quiz.yaml:7:5: câu chọn một có 0 lựa chọn đúng"}},
		"single, false":    {edit("quiz.yaml", "correct: true", "correct: false"), []string{"quiz.yaml:7:5: câu chọn một có 0 lựa chọn đúng"}},
		"single, two":      {edit("quiz.yaml", `mỗi sáng"}`, `mỗi sáng", correct: true}`), []string{"quiz.yaml:7:5: câu chọn một có 2 lựa chọn đúng"}},
		"multiple, none":   {edit("quiz.yaml", "\"Tưới nước\", correct: true}\n      - {key: b, text: \"Nhổ cỏ\", correct: true}", "\"Tưới nước\"}\n      - {key: b, text: \"Nhổ cỏ\"}"), []string{"quiz.yaml:47:5: câu chọn nhiều không có lựa chọn đúng"}},
		"multiple, all":    {edit("quiz.yaml", "\"Để mặc cho úng\"}\n      - {key: d, text: \"Phun thuốc trước mưa\"}", "\"Che lưới\", correct: true}\n      - {key: d, text: \"Xới đất\", correct: true}"), []string{"quiz.yaml:47:5: câu chọn nhiều có mọi lựa chọn đều đúng"}},
		"nine questions":   {edit("quiz.yaml", "  - id: dung-sai-1\n    lesson: tuoi-nuoc\n    type: boolean\n    text: Nên phun thuốc khi trời sắp mưa (lần 1).\n    answer: false\n    explanation: Thuốc sẽ trôi xuống ao.\n    digcomp: [\"5.2\"]\n", ""), []string{"quiz.yaml:2:1: `questions` có 9 mục, cần ít nhất 10"}},
		"always false":     {edit("quiz.yaml", "answer: true", "answer: false"), []string{"quiz.yaml:2:1: cả 3 câu đúng/sai có cùng một đáp án"}},
		"always one key":   {changes(edit("quiz.yaml", `"Tưới nhẹ mỗi sáng", correct: true`, `"Tưới nhẹ mỗi sáng"`), edit("quiz.yaml", "tơi\"}\n      - {key: b, text: \"Tưới nhẹ mỗi sáng\"}", "tơi\", correct: true}\n      - {key: b, text: \"Tưới nhẹ mỗi sáng\"}")), []string{"quiz.yaml:2:1: đáp án “a” đúng ở 3 trong 4 câu chọn một"}},
		"always longest":   {all("quiz.yaml", "\", correct: true}", ` và làm thật chậm rãi", correct: true}`), []string{"quiz.yaml:2:1: đáp án đúng là lựa chọn dài nhất ở 4 trong 4 câu chọn một"}},
		"picture not safe": {drawn("<script/>"), []string{"images/bia.svg:2:1: không dùng <script>"}},

		// Pictures.
		"picture not there": {remove("images/chon-dat.svg"), []string{lesson + ":4:1: không thấy tranh images/chon-dat.svg"}},
		"cover not there":   {remove("images/bia.svg"), []string{"course.yaml:6:1: không thấy tranh images/bia.svg"}},
		"picture not used":  {write("images/them.svg", fmt.Sprintf(picture, "")), []string{"images/them.svg:1:1: không ai dùng tranh này"}},
		"picture heavy":     {drawn(strings.Repeat("<g/>\n", 7000)), []string{"images/bia.svg:1:1: tệp nặng hơn 30 KB"}},
		"picture empty":     {write("images/bia.svg", ""), []string{"images/bia.svg:1:1: tệp không có tranh"}},
		"picture broken":    {drawn("<g>"), []string{"images/bia.svg:3:7: SVG viết sai"}},
		"event":             {drawn(`<g onclick="x()"/>`), []string{"images/bia.svg:2:1: <g> có lệnh `onclick`"}},
		"event in capitals": {drawn(`<g ONLOAD="x()"/>`), []string{"images/bia.svg:2:1: <g> có lệnh `ONLOAD`"}},
		"outer use":         {drawn(`<use href="https://evil.example/a.svg#x"/>`), []string{"images/bia.svg:2:1: <use> dẫn ra ngoài tranh ở `href`"}},
		"outer use, old":    {drawn(`<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="a.svg#x"/>`), []string{"images/bia.svg:2:1: <use> dẫn ra ngoài tranh ở `href`"}},
		"inner use":         {drawn(`<g id="x"/><use href="#x"/>`), nil},
		"outer fill":        {drawn(`<g fill="url( 'https://evil.example/#x')"/>`), []string{"images/bia.svg:2:1: <g> dẫn ra ngoài tranh ở `fill`"}},
		"outer style":       {drawn(`<g style="fill:u\72l(//evil.example)"/>`), []string{"images/bia.svg:2:1: <g> dẫn ra ngoài tranh ở `style`"}},
		"photo":             {drawn(`<image href="data:image/png;base64,x"/>`), []string{"images/bia.svg:2:1: <image> dẫn ra ngoài", "images/bia.svg:2:1: không dùng <image>"}},
		"link in picture":   {drawn(`<a href="#x"/>`), []string{"images/bia.svg:2:1: không dùng <a>"}},
		"moving":            {drawn(`<animate/>`), []string{"images/bia.svg:2:1: không dùng <animate>"}},
		"style sheet":       {drawn(`<style>@import "x"</style>`), []string{"images/bia.svg:2:1: không dùng <style>"}},
		"HTML in picture":   {drawn(`<b xmlns="http://www.w3.org/1999/xhtml"/>`), []string{"images/bia.svg:2:1: <b> không phải phần tử SVG"}},
		"drawing program":   {drawn(`<g xmlns:inkscape="http://inkscape.example/"/>`), []string{"images/bia.svg:2:1: có phần riêng của phần mềm vẽ (xmlns:inkscape)"}},
		"strange attribute": {drawn(`<g xml:base="//evil.example"/>`), []string{"images/bia.svg:2:1: <g> có thuộc tính lạ `base`"}},
		"doubled attribute": {drawn(`<g id="a" id="b"/>`), []string{"images/bia.svg:2:1: <g> ghi `id` hai lần"}},
		"entities":          {write("images/bia.svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]>\n"+fmt.Sprintf(picture, "")), []string{"images/bia.svg:1:1: có khai báo <!…>"}},
		"style instruction": {write("images/bia.svg", "<?xml-stylesheet href='x'?>\n"+fmt.Sprintf(picture, "")), []string{"images/bia.svg:1:1: có chỉ thị <?xml-stylesheet"}},
		"no viewBox":        {write("images/bia.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`), []string{"images/bia.svg:1:1: <svg> thiếu viewBox"}},
		"no namespace":      {write("images/bia.svg", `<svg viewBox="0 0 9 9"/>`), []string{"images/bia.svg:1:1: <svg> không phải phần tử SVG"}},
		"another root":      {write("images/bia.svg", `<g xmlns="http://www.w3.org/2000/svg"/>`), []string{"images/bia.svg:1:1: tranh phải mở đầu bằng <svg>"}},
		"two roots":         {write("images/bia.svg", fmt.Sprintf(picture, "")+"\n"+fmt.Sprintf(picture, "")), []string{"images/bia.svg:4:1: có phần nằm sau </svg>"}},
		"words after":       {write("images/bia.svg", fmt.Sprintf(picture, "")+"\nx"), []string{"images/bia.svg:3:7: có chữ nằm ngoài <svg>"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := good(t)
			test.change(t, files)
			source, problems := Read(files, goodCourse)
			if (source == nil) != (len(problems) > 0) {
				t.Errorf("source %v with %d problems", source, len(problems))
			}
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
