package authoring

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"hocso/internal/practice"
)

// scriptCheck looks at one scenario for what the schema cannot say.
type scriptCheck struct {
	name    string
	file    *practiceFile
	found   *finder
	screens map[string]int  // index by id
	flags   map[string]bool // that some element sets
	seen    map[string]bool // ids of screens that some variant shows
}

// checkScript sees that every screen is reached, that from each there is a way
// on, that each variant can end well, and that what a fraud offers can catch.
func checkScript(name string, file *practiceFile, pictures map[string][]byte, found *finder) {
	c := &scriptCheck{name: name, file: file, found: found, screens: map[string]int{}, flags: map[string]bool{}, seen: map[string]bool{}}
	variants := map[string]bool{}
	for v, variant := range file.Variants {
		if variants[variant.ID] {
			c.wrong(fmt.Sprintf("biến thể “%s” ghi hai lần", variant.ID), "Đặt mã khác", "variants", itoa(v), "id")
		}
		variants[variant.ID] = true
	}
	for i, screen := range file.Screens {
		if _, twice := c.screens[screen.ID]; twice {
			c.wrong(fmt.Sprintf("màn hình “%s” ghi hai lần", screen.ID), "Đặt mã khác", "screens", itoa(i), "id")
		}
		c.screens[screen.ID] = i
		for _, element := range screen.Elements {
			if element.Set != "" {
				c.flags[element.Set] = true
			}
		}
	}
	for i := range file.Screens {
		c.screen(i, variants, pictures)
	}
	for v, variant := range file.Variants {
		c.variant(v, variant)
	}
	c.reached()
}

func itoa(n int) string { return strconv.Itoa(n) }

func (c *scriptCheck) wrong(what, mend string, path ...string) {
	c.found.add(c.name, c.file.doc.place(path...), what, mend)
}

// screen checks one screen by itself.
func (c *scriptCheck) screen(i int, variants map[string]bool, pictures map[string][]byte) {
	screen := c.file.Screens[i]
	at := func(more ...string) []string { return append([]string{"screens", itoa(i)}, more...) }
	isEnd := screen.Look == "end"
	switch {
	case isEnd != (screen.End != nil):
		c.wrong("màn hình `look: end` phải có `end`, và chỉ màn hình đó có", "Thêm hoặc bỏ `end`", at("look")...)
	case !isEnd && screen.Hint == "":
		c.wrong(fmt.Sprintf("màn hình “%s” thiếu `hint`", screen.ID), "Viết một gợi ý cho người đang ngập ngừng", at()...)
	case !isEnd && len(screen.Elements) == 0:
		c.wrong(fmt.Sprintf("màn hình “%s” không có phần tử nào", screen.ID), "Thêm `elements`", at()...)
	case (screen.Look == "web") != (screen.Address != ""):
		c.wrong("`address` dùng cho màn hình `look: web`, và màn hình đó phải có", "Thêm hoặc bỏ `address`", at()...)
	}
	ids := map[string]bool{}
	for e, element := range screen.Elements {
		path := func(more ...string) []string { return at(append([]string{"elements", itoa(e)}, more...)...) }
		c.element(i, element, path, pictures)
		if element.ID != "" && ids[element.ID] {
			c.wrong(fmt.Sprintf("phần tử “%s” ghi hai lần trên màn hình này", element.ID), "Đặt mã khác", path("id")...)
		}
		ids[element.ID] = true
		for _, variant := range element.Only {
			if !variants[variant] {
				c.wrong(fmt.Sprintf("không có biến thể “%s”", variant), "Sửa mã biến thể", path("only")...)
			}
		}
	}
}

// element checks one element.
func (c *scriptCheck) element(screen int, element practice.Element, path func(...string) []string, pictures map[string][]byte) {
	acts := element.Kind == practice.Button || element.Kind == practice.Item || element.Kind == practice.Link
	does := element.Go != "" || element.Set != "" || element.Good != "" || element.Mistake != "" || element.Danger != "" || len(element.Needs) > 0
	switch {
	case (acts || element.Kind == practice.Field) && element.ID == "":
		c.wrong("phần tử để bấm hoặc gõ phải có `id`", "Thêm `id`", path()...)
	case acts && element.Text == "":
		c.wrong("phần tử để bấm phải có `text`", "Thêm `text`: trình đọc màn hình đọc lời này", path()...)
	case acts && !does:
		c.wrong(fmt.Sprintf("bấm “%s” không có gì xảy ra", element.Text), "Thêm `go`, `set`, `good`, `mistake` hoặc `danger`", path()...)
	case !acts && does:
		c.wrong(fmt.Sprintf("phần tử loại %s không bấm được", element.Kind), "Đổi `kind` thành button, item hoặc link", path("kind")...)
	case element.Kind == practice.Field && (len(element.Accept) == 0 || element.Wrong == "" || element.Text == ""):
		c.wrong("ô để gõ phải có `text`, `accept` và `wrong`", "Thêm mục còn thiếu", path()...)
	case element.Kind == "picture" && (element.Picture == "" || element.Text == ""):
		c.wrong("tranh phải có `picture`, và `text` tả tranh cho người không nhìn thấy", "Thêm mục còn thiếu", path()...)
	case element.Kind == "review" && (element.From == "" || element.Text == "" || !starCount.MatchString(element.Value)):
		c.wrong("lời đánh giá phải có `from`, `text` và `value` là số sao từ 1 đến 5", "Thêm mục còn thiếu", path()...)
	case element.Picture != "" && pictures[element.Picture] == nil:
		c.wrong(fmt.Sprintf("không thấy practices/images/%s.svg", element.Picture), "Vẽ tranh này, hoặc sửa tên", path("picture")...)
	}
	if element.Go != "" {
		if _, ok := c.screens[element.Go]; !ok {
			c.wrong(fmt.Sprintf("không có màn hình “%s”", element.Go), "Sửa mã màn hình", path("go")...)
		}
	}
	for _, flag := range []string{element.If, element.Unless} {
		if flag != "" && !c.flags[flag] {
			c.wrong(fmt.Sprintf("không phần tử nào bật cờ “%s”", flag), "Sửa tên cờ, hoặc ghi `set` ở một nút", path()...)
		}
	}
	for _, field := range element.Needs {
		if !slices.ContainsFunc(c.file.Screens[screen].Elements, func(e practice.Element) bool { return e.ID == field && e.Kind == practice.Field }) {
			c.wrong(fmt.Sprintf("không có ô “%s” trên màn hình này", field), "Sửa mã ô", path("needs")...)
		}
	}
	if like := brands.FindString(element.Text + " " + element.Sub + " " + element.From + " " + element.Value); like != "" {
		c.wrong(fmt.Sprintf("có tên thương hiệu thật “%s”", like), "Dùng tên bịa: ngân hàng Thực Hành, sàn Chợ Xanh", path()...)
	}
}

// brands are names that practice must not imitate: nobody shall learn to trust
// a screen because it looks like one of theirs.
var brands = regexp.MustCompile(`(?i)\b(vietcombank|vietinbank|bidv|agribank|techcombank|mbbank|sacombank|momo|zalopay|viettelpay|shopee|lazada|tiki|tiktok|facebook|gmail|zalo|google pay|apple pay)\b`)

// variant walks everything that a variant can show.
func (c *scriptCheck) variant(v int, variant practice.Variant) {
	start, ok := c.screens[variant.Start]
	if !ok {
		c.wrong(fmt.Sprintf("không có màn hình “%s”", variant.Start), "Sửa mã màn hình", "variants", itoa(v), "start")
		return
	}
	seen, queue := map[int]bool{start: true}, []int{start}
	outcomes := map[practice.Outcome]bool{}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		screen := c.file.Screens[i]
		if screen.End != nil {
			outcomes[screen.End.Outcome] = true
			continue
		}
		on := 0
		for e, element := range screen.Elements {
			if !element.In(variant.ID) {
				continue
			}
			for _, name := range placeholder.FindAllStringSubmatch(element.Text+element.Sub+element.From+element.Value, -1) {
				if _, ok := variant.Values[name[1]]; !ok {
					c.wrong(fmt.Sprintf("biến thể “%s” không có giá trị {%s}", variant.ID, name[1]), "Thêm vào `values` của biến thể", "screens", itoa(i), "elements", itoa(e))
				}
			}
			if next, ok := c.screens[element.Go]; ok && element.Go != "" {
				on++
				if !seen[next] {
					seen[next], queue = true, append(queue, next)
				}
			}
		}
		if on == 0 {
			c.wrong(fmt.Sprintf("từ màn hình “%s” không có lối đi tiếp ở biến thể “%s”", screen.ID, variant.ID), "Thêm một nút có `go`", "screens", itoa(i))
		}
	}
	at := []string{"variants", itoa(v)}
	switch {
	case !outcomes[practice.Done]:
		c.wrong(fmt.Sprintf("biến thể “%s” không thể kết thúc tốt", variant.ID), "Thêm lối tới một màn hình có `outcome: done`", at...)
	case !variant.Honest && !outcomes[practice.Caught]:
		c.wrong(fmt.Sprintf("biến thể lừa đảo “%s” không lừa được ai", variant.ID), "Thêm lối tới một màn hình có `outcome: caught`", at...)
	case variant.Honest && c.file.Drill && !outcomes[practice.Alarmed]:
		c.wrong(fmt.Sprintf("biến thể thật “%s” không đo được báo động nhầm", variant.ID), "Thêm lối tới một màn hình có `outcome: alarmed`", at...)
	}
	for i := range seen {
		c.seen[c.file.Screens[i].ID] = true
	}
}

var starCount = regexp.MustCompile(`^[1-5]$`)

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// reached finds screens that no variant shows, and drills that are no drills.
func (c *scriptCheck) reached() {
	for i, screen := range c.file.Screens {
		if !c.seen[screen.ID] {
			c.wrong(fmt.Sprintf("không có lối nào tới màn hình “%s”", screen.ID), "Thêm `go` tới màn hình này, hoặc xóa nó", "screens", itoa(i))
		}
	}
	honest, fraud := false, false
	for _, variant := range c.file.Variants {
		honest, fraud = honest || variant.Honest, fraud || !variant.Honest
	}
	if c.file.Drill && !(honest && fraud) {
		c.wrong("bài nhận ra lừa đảo phải có cả biến thể thật và biến thể lừa", "Thêm một biến thể", "variants")
	}
}
