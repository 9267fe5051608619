package credential

import (
	"bytes"
	"errors"
	"slices"
)

// bakedName is the namespace of what is baked into a picture (Open Badges 3.0, 5.3.2).
const bakedName = ` xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"`

// Bake puts a signed credential into an SVG picture that has none: whoever
// looks at it sees the picture, and verifiers find the credential in it.
func Bake(svg, signed []byte) ([]byte, error) {
	tag := bytes.Index(svg, []byte("<svg"))
	end := -1
	if tag >= 0 {
		end = bytes.IndexByte(svg[tag:], '>')
	}
	if end < 0 || svg[tag+end-1] == '/' {
		return nil, errors.New("bake a credential: this is no SVG picture")
	}
	name, body := tag+len("<svg"), tag+end+1
	// What would end the section stands in JSON's strings only, where it may be
	// written in another way without a change to what is signed.
	signed = bytes.ReplaceAll(signed, []byte("]]>"), []byte(`]]\u003e`))
	return slices.Concat(svg[:name], []byte(bakedName), svg[name:body],
		[]byte("<openbadges:credential><![CDATA["), signed, []byte("]]></openbadges:credential>"), svg[body:]), nil
}
