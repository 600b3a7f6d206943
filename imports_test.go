package loam_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// levels is the house: what a package is allowed to know. Imports point down only.
var levels = map[string]int{
	"loam": 0,

	"loam/internal/text":       1,
	"loam/internal/media":      1,
	"loam/internal/c2pa":       1,
	"loam/internal/integrity":  1,
	"loam/internal/photo":      1,
	"loam/internal/render":     1,
	"loam/internal/policy":     1,
	"loam/internal/moderation": 1,
	"loam/internal/fonts":      1,

	"loam/internal/classify": 1,

	"loam/internal/merkle": 1,
	"loam/internal/ledger": 1,
	"loam/internal/verify": 1,
	"loam/internal/terms":  1,

	"loam/internal/subject": 1,

	"loam/internal/studio":    2,
	"loam/internal/gateway":   2,
	"loam/internal/intake":    2,
	"loam/internal/screen":    2,
	"loam/internal/review":    2,
	"loam/internal/label":     2,
	"loam/internal/publish":   2,
	"loam/internal/community": 2,
	"loam/internal/rights":    2,
	"loam/internal/takeout":   2,
	"loam/internal/corpus":    2,

	"loam/internal/audit":    3,
	"loam/internal/store":    3,
	"loam/internal/jobs":     3,
	"loam/internal/outbound": 3,
	"loam/internal/parts":    3,
	"loam/internal/web":      3,
	"loam/internal/demo":     3,
	"loam/internal/ui":       3,

	"loam/cmd/loam":        4,
	"loam/cmd/loam-verify": 4,
}

// besides are packages outside the levels, each with its reason.
var besides = map[string]string{
	"loam/internal/fonts/fetch":       "a command of the build: fetches what fonts embeds",
	"loam/scripts/rivals":             "a command of the benchmarks: times the phrase engine beside others",
	"loam/scripts/rivals/labels":      "a command of the benchmarks: times labels and manifests beside other programs",
	"loam/scripts/rivals/ledger":      "a command of the benchmarks: times the rights ledger beside bare Tessera",
	"loam/internal/text/gen":          "a command of the build: writes what text embeds",
	"loam/internal/classify/train":    "a command of the build: makes the weights classify embeds",
	"loam/internal/media/mediatest":   "a measure of memory and sounds, imported by tests only",
	"loam/internal/merkle/merkletest": "logs in memory, imported by tests only",
	"loam/internal/store/storetest":   "the conformance suite of store, imported by tests only",
}

// impure is what level 1 does without: its inputs come in as values.
var impure = []string{"context", "database/sql", "net", "net/http", "os", "os/exec", "os/signal", "log", "log/slog"}

// listed is what `go list -json` says of a package.
type listed struct {
	ImportPath string
	Name       string
	Doc        string
	Standard   bool
	Imports    []string
}

// list reads every package of the build. Standard tells the standard library apart: Loam's
// own path has no dot either.
func list(t *testing.T) map[string]listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Doc,Standard,Imports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	packages := map[string]listed{}
	for d := json.NewDecoder(out); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return packages
}

func ours(path string) bool { return path == "loam" || strings.HasPrefix(path, "loam/") }

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	packages := list(t)
	for path, p := range packages {
		if !ours(path) {
			continue
		}
		if p.Doc == "" {
			t.Errorf("%s has no package comment", path)
		}
		if besides[path] != "" {
			continue
		}
		level, ok := levels[path]
		if !ok {
			t.Errorf("%s stands on no level: give it one in imports_test.go", path)
			continue
		}
		for _, dep := range p.Imports {
			if why := refuse(level, dep, packages[dep]); why != "" {
				t.Errorf("%s imports %s: %s", path, dep, why)
			}
		}
	}
	for path := range levels {
		if _, ok := packages[path]; !ok {
			t.Logf("%s is not built yet", path)
		}
	}
}

// refuse says why a package of a level may not import another, "" if it may.
func refuse(level int, dep string, p listed) string {
	if !ours(dep) {
		switch {
		case level == 0 && !p.Standard:
			return "the root imports the standard library only"
		case level == 1 && slices.Contains(impure, dep):
			return "level 1 is pure"
		case level == 2 && dep == "database/sql":
			return "SQL is store's"
		}
		return ""
	}
	if besides[dep] != "" {
		return besides[dep]
	}
	below, ok := levels[dep]
	switch {
	case !ok:
		return "it stands on no level"
	case below == level && level == 1: // text, media and the like build on each other
		return ""
	case below >= level:
		return "imports point down, and neighbours of levels 2 and 3 meet in cmd"
	}
	return ""
}

// TestRefuse holds the rule itself against cases nobody should write.
func TestRefuse(t *testing.T) {
	t.Parallel()
	std, other := listed{Standard: true}, listed{}
	for _, c := range []struct {
		level int
		dep   string
		p     listed
		ok    bool
	}{
		{0, "strings", std, true},
		{0, "golang.org/x/text/width", other, false},
		{0, "loam/internal/text", other, false},
		{1, "loam/internal/text", other, true},
		{1, "os", std, false},
		{1, "context", std, false},
		{1, "loam/internal/studio", other, false},
		{2, "loam/internal/text", other, true},
		{2, "loam/internal/review", other, false},
		{2, "loam/internal/store", other, false},
		{2, "database/sql", std, false},
		{3, "loam/internal/studio", other, true},
		{3, "loam/internal/store", other, false},
		{3, "loam/internal/store/storetest", other, false},
		{4, "loam/internal/store", other, true},
		{4, "loam/cmd/loam", other, false},
		{4, "loam/internal/util", other, false},
	} {
		if why := refuse(c.level, c.dep, c.p); (why == "") != c.ok {
			t.Errorf("level %d importing %s: got %q, want ok=%t", c.level, c.dep, why, c.ok)
		}
	}
}

// rawColour is a colour that is not a token: #rgb, #rrggbb with or without alpha, rgb(),
// hsl(), as the value of something. Character references (&#39;) are none.
var rawColour = regexp.MustCompile(`(?i)(^|[^&\w])#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(rgb|hsl)a?\(`)

// TestColoursAreTokens: a colour is written once, in tokens.json, where light and dark stand
// side by side. Pictures (render, demo) have their own designs.
func TestColoursAreTokens(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"color: #fff", "a{b:#23201C}", "rgba(0,0,0,.4)"} {
		if !rawColour.MatchString(s) {
			t.Errorf("%q is not seen as a colour", s)
		}
	}
	for _, s := range []string{"&#39;", `href="#main"`, "var(--ink)", "#12", "第#1页", "#added"} {
		if rawColour.MatchString(s) {
			t.Errorf("%q is taken for a colour", s)
		}
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch d.Name() {
			case ".git", ".cache", "node_modules", "dist", "bin", "screens", "render", "demo", "fonts":
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".css", ".ts", ".tsx", ".html", ".svg"}, filepath.Ext(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			if m := rawColour.FindString(line); m != "" {
				t.Errorf("%s:%d: %q is a colour; use a token of internal/ui/tokens.json", path, i+1, strings.TrimSpace(m))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// jsonName is a struct tag's name; snake is how Loam spells them. The seven keys of a Mark
// are spelled by GB 45438-2025, and package moderation spells as the services it speaks for.
var (
	jsonName = regexp.MustCompile("json:\"([^\",]*)")
	snake    = regexp.MustCompile(`^(-|[a-z][a-z0-9_]*)?$`)
	markKeys = []string{"Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2"}
)

func TestJSONHasOneStyle(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", ".cache", "node_modules"}, d.Name()) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Dir(path) == "internal/moderation" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range jsonName.FindAllStringSubmatch(string(text), -1) {
			if !snake.MatchString(m[1]) && (path != "label.go" || !slices.Contains(markKeys, m[1])) {
				t.Errorf("%s: %q is not snake_case", path, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
