package authoring

import (
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// document is a YAML text as plain values, with the place of each of them.
type document struct {
	file   string
	value  any              // map[string]any, []any, string, bool, numbers, nil
	places map[string]place // by path: "questions/0/text"
}

// parseYAML reads a text; nil when it is no YAML of the simple kind that
// course files are written in. Lines count from the text's first.
func parseYAML(file string, text []byte, found *finder) *document {
	if at, deep := tooDeep(text); deep {
		found.add(file, at, "các mục lồng nhau quá sâu", "Bỏ bớt dấu ngoặc hoặc gạch đầu dòng")
		return nil
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		found.add(file, placeOfError(err), "YAML viết sai: "+messageOf(err),
			"Xem lại dòng này và dòng trước nó: thụt đầu dòng bằng dấu cách, có dấu cách sau dấu hai chấm, lời có dấu : hoặc # thì đặt trong ngoặc kép")
		return nil
	}
	doc := &document{file: file, places: map[string]place{"": top}}
	before := len(found.problems)
	for i, part := range tree.Docs {
		if i > 0 {
			found.add(file, placeOf(part.Start), "tệp có dòng --- ở giữa", "Xóa dòng ---")
			break
		}
		if part.Body != nil {
			doc.places[""] = placeOf(first(part.Body))
			doc.value = doc.read("", part.Body, found)
		}
	}
	if len(found.problems) > before {
		return nil
	}
	return doc
}

// read makes a node into a value and notes its place and those below it.
func (d *document) read(path string, node ast.Node, found *finder) any {
	switch node := node.(type) {
	case *ast.MappingNode:
		return d.readMap(path, node.Values, found)
	case *ast.MappingValueNode:
		return d.readMap(path, []*ast.MappingValueNode{node}, found)
	case *ast.SequenceNode:
		list := make([]any, len(node.Values))
		for i, item := range node.Values {
			below := join(path, strconv.Itoa(i))
			d.places[below] = placeOf(first(item))
			list[i] = d.read(below, item, found)
		}
		return list
	case *ast.StringNode:
		return strings.TrimSpace(node.Value)
	case *ast.LiteralNode:
		return strings.TrimSpace(node.Value.Value)
	case *ast.IntegerNode:
		return node.Value
	case *ast.BoolNode:
		return node.Value
	case *ast.NullNode, *ast.CommentGroupNode:
		return nil
	case *ast.FloatNode:
		if !math.IsInf(node.Value, 0) && !math.IsNaN(node.Value) {
			return node.Value
		}
	case *ast.InfinityNode, *ast.NanNode:
	default: // anchors, aliases, tags, merge keys
		found.add(d.file, placeOf(first(node)), "cách viết YAML này không dùng ở đây",
			"Viết thẳng nội dung; lời bắt đầu bằng &, * hoặc ! thì đặt trong ngoặc kép")
	}
	return node.GetToken().Value
}

func (d *document) readMap(path string, entries []*ast.MappingValueNode, found *finder) any {
	values := make(map[string]any, len(entries))
	for _, entry := range entries {
		key := entry.Key.GetToken()
		below := join(path, key.Value)
		d.places[below] = placeOf(key)
		if entry.Key.IsMergeKey() || entry.Key.Type() == ast.MappingKeyType {
			found.add(d.file, placeOf(key), "cách viết YAML này không dùng ở đây", "Viết mỗi mục thành tên: nội dung")
			continue
		}
		values[key.Value] = d.read(below, entry.Value, found)
	}
	return values
}

// place finds where a path is written, or the nearest above it that is.
func (d *document) place(path ...string) place {
	for n := len(path); n > 0; n-- {
		if at, ok := d.places[strings.Join(path[:n], "/")]; ok {
			return at
		}
	}
	return d.places[""]
}

// decode fills a struct with what fits it; the schema has already spoken of
// what does not.
func (d *document) decode(into any) {
	text, err := json.Marshal(d.value)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	var mismatch *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &mismatch) {
		panic(err) // cannot happen: read makes only values that JSON knows
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// first is the token with which a node begins; a map's own token is a colon.
func first(node ast.Node) *token.Token {
	switch node := node.(type) {
	case *ast.MappingNode:
		if !node.IsFlowStyle && len(node.Values) > 0 {
			return node.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return node.Key.GetToken()
	}
	return node.GetToken()
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return top
	}
	return place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

func placeOfError(err error) place {
	var broken yaml.Error
	if errors.As(err, &broken) {
		return placeOf(broken.GetToken())
	}
	return top
}

func messageOf(err error) string {
	var broken yaml.Error
	if errors.As(err, &broken) {
		return broken.GetMessage()
	}
	return err.Error()
}

const maxDepth = 30

var dashes = regexp.MustCompile(`(?m)^ *(?:[-?:][ \t]+){10}`)

// tooDeep finds nesting that no course needs, before the parser, which is
// slow on it and calls itself once a level. Brackets in texts count too, which
// does no harm: they come in pairs.
func tooDeep(text []byte) (place, bool) {
	if at := dashes.FindIndex(text); at != nil {
		return placeAt(text, at[0]), true
	}
	depth := 0
	for at, char := range text {
		switch char {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		}
		if depth > maxDepth {
			return placeAt(text, at), true
		}
	}
	return place{}, false
}
