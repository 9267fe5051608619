package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"

	"hocso/content"
	"hocso/internal/authoring"
	"hocso/internal/platform/config"
	"hocso/internal/platform/postgres"
)

type contentCmd struct {
	Check  checkContentCmd  `cmd:"" help:"List what is wrong in course files, with file, line and mend."`
	Import importContentCmd `cmd:"" help:"Make new course versions of what has changed. Learners in the middle keep theirs."`
}

// contentDir is where courses are read from.
type contentDir struct {
	Dir string `arg:"" optional:"" type:"existingdir" help:"A folder of courses, or of one course; the courses inside the program when not given."`
}

func (d contentDir) files() fs.FS {
	if d.Dir == "" {
		return content.FS
	}
	return os.DirFS(d.Dir)
}

type checkContentCmd struct {
	contentDir
	Links bool `help:"Also ask every https address that lessons name whether it is there (needs a network)."`
}

// Run lists the problems.
func (c checkContentCmd) Run(ctx context.Context) error {
	shelf, problems := authoring.ReadAll(c.files())
	if len(problems) > 0 {
		return c.list(problems)
	}
	if c.Links {
		if dead := shelf.DeadLinks(ctx, http.DefaultClient); len(dead) > 0 {
			return c.list(dead)
		}
	}
	if len(shelf.Glossary) > 0 {
		fmt.Printf("glossary of %d words: nothing wrong\n", len(shelf.Glossary))
	}
	for _, source := range shelf.Practices {
		fmt.Printf("practice %s: nothing wrong\n", source.Slug())
	}
	for _, source := range shelf.Courses {
		fmt.Printf("course %s: nothing wrong\n", source.Slug())
	}
	return nil
}

type importContentCmd struct {
	contentDir
}

// Run imports all courses of the folder, or none when anything is wrong.
func (c importContentCmd) Run(ctx context.Context, cfg *config.Config) error {
	if cfg.DatabaseURL == "" {
		return errNoDatabase
	}
	db, err := postgres.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer db.Close()
	err = authoring.NewService(db).ImportAll(ctx, c.files(), func(what string) { fmt.Println(what) })
	var problems authoring.Problems
	if errors.As(err, &problems) {
		return c.list(problems)
	}
	return err
}

// list puts the problems on standard output, with paths that an editor can
// open, and leaves one line for the error.
func (d contentDir) list(problems authoring.Problems) error {
	for _, problem := range problems {
		problem.File = path.Join(d.Dir, problem.File)
		fmt.Println(problem)
	}
	return fmt.Errorf("%d problems in course files", len(problems))
}
