package web

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/program"
	"hocso/internal/roster"
)

// aroundFile leaves room for the form around a file.
const aroundFile = 64 << 10

// bodyLimit lets only those send a large body who may send a file, and only
// where one is taken; it is asked before the body is read.
func (s *site) bodyLimit(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	limit := fasthttp.RequestConfig{MaxRequestBodySize: maxBody}
	if string(header.Method()) != fiber.MethodPost {
		return limit
	}
	most, who := uploads(string(header.RequestURI()))
	if most == 0 {
		return limit
	}
	viewer, err := s.Identity.Viewer(context.Background(), string(header.Cookie(sessionCookie)))
	if err == nil && viewer != nil && !viewer.Guest && (len(who) == 0 || viewer.Has(who...)) {
		limit.MaxRequestBodySize = most + aroundFile
	}
	return limit
}

// uploads tells how large a file may be at a path, 0 for none, and which roles
// send one; no roles are everybody who is registered.
func uploads(path string) (int, []identity.Role) {
	switch {
	case path == importsPath:
		return roster.MaxFile, identity.Managers
	case strings.HasPrefix(path, templatePath+"/"):
		return certificate.MaxLogo, certificate.Designers
	case path == externalPath:
		return program.MaxFile, nil
	case path == programsPath, strings.HasPrefix(path, programsPath+"/") && strings.Count(path, "/") == 2:
		return program.MaxFile, program.Makers
	}
	return 0, nil
}
