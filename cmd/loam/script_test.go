package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asLoam makes the test binary be loam itself, for tests that kill it.
const asLoam = "LOAM_TEST_AS_LOAM"

func TestMain(m *testing.M) {
	if os.Getenv(asLoam) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){
		"loam": func() {
			a := &app{ctx: context.Background(), in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv}
			os.Exit(run(a, os.Args[1:]))
		},
	})
}

// TestScript runs each file of testdata/script: a session at the command line and what it
// must answer.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status},
	})
}
