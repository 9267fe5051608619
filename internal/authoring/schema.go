package authoring

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"hocso/content"
)

var (
	courseSchema = mustSchema("schema/course.schema.json")
	lessonSchema = mustSchema("schema/lesson.schema.json")
	quizSchema   = mustSchema("schema/quiz.schema.json")

	translationSchema = mustSchema("schema/translation.schema.json")
	glossarySchema    = mustSchema("schema/glossary.schema.json")
	practiceSchema    = mustSchema("schema/practice.schema.json")
)

// mustSchema compiles a published schema; they are compiled in, and tested.
func mustSchema(name string) *jsonschema.Schema {
	text, err := content.FS.ReadFile(name)
	if err != nil {
		panic(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, parsed); err != nil {
		panic(err)
	}
	return compiler.MustCompile(name)
}

// obey notes everything in which the document differs from the schema.
func (d *document) obey(schema *jsonschema.Schema, found *finder) {
	var invalid *jsonschema.ValidationError
	if errors.As(schema.Validate(d.value), &invalid) {
		d.explain(schema, invalid, found)
	}
}

// explain goes down to what is wrong in the end; what lies between only says
// that something below is.
func (d *document) explain(schema *jsonschema.Schema, invalid *jsonschema.ValidationError, found *finder) {
	for _, cause := range invalid.Causes {
		d.explain(schema, cause, found)
	}
	if len(invalid.Causes) > 0 {
		return
	}
	path := invalid.InstanceLocation
	about := at(schema, path)
	name, at := nameOf(path), d.place(path...)
	switch wrong := invalid.ErrorKind.(type) {
	case *kind.Required:
		for _, missing := range wrong.Missing {
			found.add(d.file, at, fmt.Sprintf("thiếu `%s`", missing),
				fmt.Sprintf("Thêm `%s: …` vào đây: %s", missing, describe(about.Properties[missing])))
		}
	case *kind.AdditionalProperties:
		for _, extra := range wrong.Properties {
			found.add(d.file, d.place(slices.Concat(path, []string{extra})...), fmt.Sprintf("không có mục nào tên `%s`", extra),
				"Xóa, hoặc sửa tên thành một trong: "+strings.Join(slices.Sorted(maps.Keys(about.Properties)), ", "))
		}
	case *kind.FalseSchema:
		found.add(d.file, at, name+" không dùng cho loại câu hỏi này", "Xóa mục này: "+describe(about))
	case *kind.UniqueItems:
		found.add(d.file, at, fmt.Sprintf("%s ghi trùng mục %d và mục %d", name, wrong.Duplicates[0]+1, wrong.Duplicates[1]+1), "Bỏ một trong hai")
	default:
		found.add(d.file, at, name+" "+whatIsWrong(invalid.ErrorKind), describe(about))
	}
}

// whatIsWrong says in Vietnamese how a value misses its schema.
func whatIsWrong(wrong jsonschema.ErrorKind) string {
	switch wrong := wrong.(type) {
	case *kind.Type:
		if wrong.Got == "null" {
			return "còn trống"
		}
		return "phải là " + typeNames[wrong.Want[0]]
	case *kind.Enum:
		return fmt.Sprintf("không nhận giá trị “%v”", wrong.Got)
	case *kind.Pattern:
		if wrong.Got == "" {
			return "còn trống"
		}
		return fmt.Sprintf("viết sai: “%s”", wrong.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("dài %d ký tự, tối đa %d", wrong.Got, wrong.Want)
	case *kind.MinItems:
		return fmt.Sprintf("có %d mục, cần ít nhất %d", wrong.Got, wrong.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("có %d mục, tối đa %d", wrong.Got, wrong.Want)
	case *kind.Minimum:
		return fmt.Sprintf("là %s, phải từ %s trở lên", wrong.Got.RatString(), wrong.Want.RatString())
	case *kind.Maximum:
		return fmt.Sprintf("là %s, không được quá %s", wrong.Got.RatString(), wrong.Want.RatString())
	}
	return "viết sai"
}

var typeNames = map[string]string{
	"string":  "chữ (nếu là số hay true, false thì đặt trong ngoặc kép)",
	"integer": "số nguyên",
	"number":  "số",
	"boolean": "true hoặc false",
	"array":   "danh sách",
	"object":  "các mục dạng tên: nội dung",
}

// at finds the part of a schema that speaks of a path.
func at(schema *jsonschema.Schema, path []string) *jsonschema.Schema {
	for _, step := range path {
		next := schema.Properties[step]
		if _, err := strconv.Atoi(step); err == nil && next == nil {
			next = schema.Items2020
		}
		if next == nil {
			return schema
		}
		schema = next
	}
	return schema
}

func describe(schema *jsonschema.Schema) string {
	return strings.TrimSuffix(schema.Description, ".")
}

// nameOf names a path for people; the line already says which one of many.
func nameOf(path []string) string {
	for n := len(path) - 1; n >= 0; n-- {
		if number, err := strconv.Atoi(path[n]); err != nil {
			return "`" + path[n] + "`"
		} else if n > 0 {
			return fmt.Sprintf("mục %d của `%s`", number+1, path[n-1])
		}
	}
	return "tệp"
}
