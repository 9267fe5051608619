package authoring

import (
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSchemasDescribe: a problem's mend is the schema's own description, so
// everything in a schema has one.
func TestSchemasDescribe(t *testing.T) {
	var walk func(name string, schema *jsonschema.Schema)
	walk = func(name string, schema *jsonschema.Schema) {
		if schema.Description == "" {
			t.Errorf("%s has no description", name)
		}
		if schema.Properties != nil && schema.AdditionalProperties != false {
			t.Errorf("%s takes properties that it does not know", name)
		}
		for property, below := range schema.Properties {
			walk(name+"/"+property, below)
		}
		if schema.Items2020 != nil {
			walk(name+"/items", schema.Items2020)
		}
	}
	walk("course", courseSchema)
	walk("lesson", lessonSchema)
	walk("quiz", quizSchema)
}
