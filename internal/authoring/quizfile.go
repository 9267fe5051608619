package authoring

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"hocso/internal/course"
	"hocso/internal/quiz"
)

// quizFile is quiz.yaml.
type quizFile struct {
	PassPercent int `json:"pass_percent"`
	Draw        int // questions of one attempt
	Questions   []question

	doc *document
}

type question struct {
	ID          string
	Lesson      string
	Type        quiz.Kind
	Text        string
	Options     []quiz.Option
	Answer      *bool
	Explanation string
	Digcomp     []string
	Skills      []course.Skill // empty: the lesson's
}

// readQuiz gives nil when there is no quiz or it cannot be read at all.
func readQuiz(folder *folder, found *finder) *quizFile {
	const file = "quiz.yaml"
	if !folder.has(file) {
		found.add(file, top, "không thấy quiz.yaml", "Tạo tệp này: xem schema/quiz.schema.json")
		return nil
	}
	doc := parseText(folder, file, found)
	if doc == nil {
		return nil
	}
	doc.obey(quizSchema, found)
	quiz := &quizFile{doc: doc}
	doc.decode(quiz)
	return quiz
}

// checkQuiz checks what the schema cannot say.
func checkQuiz(source *Source, folder *folder, found *finder) {
	file := source.quiz
	if file == nil {
		return
	}
	checkBank(source, folder, found)
	ids := map[string]place{}
	for i, question := range file.Questions {
		number := strconv.Itoa(i)
		at := file.doc.place("questions", number, "id")
		if first, twice := ids[question.ID]; twice && question.ID != "" {
			found.add("quiz.yaml", at, fmt.Sprintf("`id` “%s” đã có ở dòng %d", question.ID, first.line), "Đặt mã khác cho câu hỏi này")
		} else {
			ids[question.ID] = at
		}
		if lesson := question.Lesson; lesson != "" && !folder.has("lessons/"+lesson+".md") {
			found.add("quiz.yaml", file.doc.place("questions", number, "lesson"), fmt.Sprintf("không có bài học “%s”", lesson), "Ghi mã của bài học có câu trả lời")
		}
		if question.Type == quiz.Single || question.Type == quiz.Multiple {
			checkOptions(question, number, file.doc, found)
		}
	}
	checkGuessing(file, found)
}

// drawn is how many questions one attempt has.
func (f *quizFile) drawn() int {
	if f.Draw > 0 {
		return min(f.Draw, len(f.Questions))
	}
	return len(f.Questions)
}

// checkBank sees that the bank is larger than what an attempt draws from it,
// and that every lesson is asked about.
func checkBank(source *Source, folder *folder, found *finder) {
	file := source.quiz
	if file.Draw > 0 && len(file.Questions) > 0 && file.Draw >= len(file.Questions) {
		found.add("quiz.yaml", file.doc.place("draw"), fmt.Sprintf("`draw` là %d nhưng ngân hàng chỉ có %d câu", file.Draw, len(file.Questions)),
			"Viết thêm câu hỏi, hoặc rút ít câu hơn")
	}
	asked := map[string]bool{}
	for _, question := range file.Questions {
		asked[question.Lesson] = true
	}
	for _, name := range folder.under("lessons/") {
		if _, language := partsOf(name); language == "" && !asked[slugOf(name)] && len(file.Questions) > 0 {
			found.add(name, top, "chưa có câu hỏi nào về bài này trong quiz.yaml", "Viết ít nhất một câu hỏi có `lesson: "+slugOf(name)+"`")
		}
	}
}

// checkOptions checks the options of one question.
func checkOptions(question question, number string, doc *document, found *finder) {
	keys, texts, correct := map[string]place{}, map[string]place{}, 0
	for o, option := range question.Options {
		place := func(name string) place { return doc.place("questions", number, "options", strconv.Itoa(o), name) }
		if first, twice := keys[option.Key]; twice && option.Key != "" {
			found.add("quiz.yaml", place("key"), fmt.Sprintf("`key` “%s” đã có ở dòng %d", option.Key, first.line), "Mỗi lựa chọn một chữ cái khác nhau")
		}
		if first, twice := texts[option.Text]; twice && option.Text != "" {
			found.add("quiz.yaml", place("text"), fmt.Sprintf("lựa chọn này giống lựa chọn ở dòng %d", first.line), "Viết khác đi, hoặc bỏ một trong hai")
		}
		keys[option.Key], texts[option.Text] = place("key"), place("text")
		if option.Correct {
			correct++
		}
	}
	if len(question.Options) == 0 {
		return // the schema has said so
	}
	at := doc.place("questions", number, "options")
	switch {
	case question.Type == quiz.Single && correct != 1:
		found.add("quiz.yaml", at, fmt.Sprintf("câu chọn một có %d lựa chọn đúng", correct), "Ghi correct: true cho đúng một lựa chọn, hoặc đổi `type` thành multiple")
	case question.Type == quiz.Multiple && correct == 0:
		found.add("quiz.yaml", at, "câu chọn nhiều không có lựa chọn đúng", "Ghi correct: true cho các lựa chọn đúng")
	case question.Type == quiz.Multiple && correct == len(question.Options):
		found.add("quiz.yaml", at, "câu chọn nhiều có mọi lựa chọn đều đúng", "Thêm ít nhất một lựa chọn sai")
	}
}

// fewest is how many questions of a kind it takes to speak of a habit.
const fewest = 3

// checkGuessing finds quizzes that reward a habit instead of having learnt:
// always taking the same key, the longest option, or the same of true and
// false. A habit that is right in more than half of the questions is found out.
func checkGuessing(file *quizFile, found *finder) {
	singles, longest, keys := 0, 0, map[string]int{}
	booleans, yes := 0, 0
	for _, question := range file.Questions {
		switch {
		case question.Type == quiz.Boolean && question.Answer != nil:
			booleans++
			if *question.Answer {
				yes++
			}
		case question.Type == quiz.Single:
			singles++
			for _, option := range question.Options {
				if option.Correct {
					keys[option.Key]++
				}
			}
			if rightIsLongest(question.Options) {
				longest++
			}
		}
	}
	at := file.doc.place("questions")
	pays := func(right, of int) bool { return of >= fewest && right*2 > of }
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		right := keys[key]
		if pays(right, singles) {
			found.add("quiz.yaml", at, fmt.Sprintf("đáp án “%s” đúng ở %d trong %d câu chọn một: dễ đoán", key, right, singles), "Đổi chỗ các lựa chọn cho đáp án đúng rải đều")
		}
	}
	if pays(longest, singles) {
		found.add("quiz.yaml", at, fmt.Sprintf("đáp án đúng là lựa chọn dài nhất ở %d trong %d câu chọn một: dễ đoán", longest, singles), "Viết các lựa chọn dài ngắn gần như nhau")
	}
	if booleans >= fewest && (yes == 0 || yes == booleans) {
		found.add("quiz.yaml", at, fmt.Sprintf("cả %d câu đúng/sai có cùng một đáp án", booleans), "Viết cả câu khẳng định đúng và câu khẳng định sai")
	}
}

// rightIsLongest tells whether a right option is longer than all wrong ones.
func rightIsLongest(options []quiz.Option) bool {
	right, wrong := 0, 0
	for _, option := range options {
		length := utf8.RuneCountInString(option.Text)
		if option.Correct {
			right = max(right, length)
		} else {
			wrong = max(wrong, length)
		}
	}
	return right > wrong
}
