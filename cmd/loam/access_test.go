package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/web"
)

// TestAccess walks every route of the authorisation table as everybody: a visitor, each
// role, and a program with a key.
func TestAccess(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	visitor := h.visitor()
	people := map[loam.Role]*client{}
	keys := map[loam.Role]*client{}
	for _, r := range loam.Roles() {
		people[r] = h.person(string(r), r)
		key := "loam_" + loam.NewSecret()
		if err := h.db.CreateKey(t.Context(), people[r].account.ID, web.Digest(key), "test"); err != nil {
			t.Fatal(err)
		}
		keys[r] = h.visitor()
		keys[r].key = key
	}
	hole := regexp.MustCompile(`\{[a-z$]+\}`)
	for _, route := range web.Table() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		path = strings.ReplaceAll(path, "{$}", "")
		path = hole.ReplaceAllString(path, loam.NewID(h.clock()))
		var body any
		if method != "GET" && method != "DELETE" {
			body = map[string]string{}
		}
		if path == "/api/session" && method == "DELETE" || path == "/api/events" {
			continue // would sign the caller out; would stream: TestEvents
		}
		ask := func(who string, c *client, want bool) {
			a := c.do(method, path, body)
			got := a.status != 401 && (a.status != 403 || a.code() != "role.needed" && a.code() != "session.person")
			if a.code() == "session.wrong" || a.code() == "key.unknown" {
				got = true
			}
			if got != want {
				t.Errorf("%s as %s: got %d %s, want let in: %v", route.Pattern, who, a.status, a.code(), want)
			}
			if a.status >= 500 {
				t.Errorf("%s as %s: got %d %s", route.Pattern, who, a.status, a.body)
			}
		}
		ask("visitor", visitor, route.Anyone)
		for _, r := range loam.Roles() {
			// An administrator holds every role.
			may := route.Anyone || slices.Contains(route.Roles, r) || r == loam.Admin
			ask(string(r), people[r], may)
			ask(string(r)+" by key", keys[r], route.Anyone || may && !route.Person)
		}
	}
}

// TestOneDoor reads the sources: a person's confirmation is made of a session in one place
// of web, one statement of store records it, and beside package publish only the demo's
// invented people come to that statement.
func TestOneDoor(t *testing.T) {
	t.Parallel()
	var present, records, confirms []string
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "storetest") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if n.Sel.Name == "Confirm" {
					confirms = append(confirms, filepath.ToSlash(path))
				}
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "publish" && n.Sel.Name == "Present" {
					present = append(present, filepath.ToSlash(path))
				}
			case *ast.BasicLit:
				if strings.Contains(n.Value, "SET") && strings.Contains(n.Value, "confirmed_at = ?") {
					records = append(records, filepath.ToSlash(path))
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(present, []string{"../../internal/web/version.go"}) {
		t.Errorf("publish.Present is called in %v, want web/version.go alone", present)
	}
	if !slices.Equal(confirms, []string{"../../cmd/loam/demo.go", "../../internal/publish/publish.go"}) {
		t.Errorf("Confirm is called in %v, want publish.go and the demo alone", confirms)
	}
	if !slices.Equal(records, []string{"../../internal/store/release.go"}) {
		t.Errorf("confirmed_at is written in %v, want store/release.go alone", records)
	}
}

// TestNobodyIsSkipped: a version that is screened and labelled stays unseen until its own
// owner, signed in, confirms the very hash.
func TestNobodyIsSkipped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, eve := h.person("ann"), h.person("eve")
	v := ann.submit(ann.begin("周末去湖边的咖啡馆，人均35，靠窗，拿铁好喝，停车难"), nil)
	v = ann.until(v.ID, "settled", settled)
	confirm := "/api/versions/" + v.ID + "/confirm"
	hash := map[string]string{"release_hash": v.ReleaseHash}
	key := "loam_" + loam.NewSecret()
	if err := h.db.CreateKey(t.Context(), ann.account.ID, web.Digest(key), "test"); err != nil {
		t.Fatal(err)
	}
	program := h.visitor()
	program.key = key
	h.visitor().refused(401, "session.needed", "POST", confirm, hash)
	eve.refused(404, "version.not_found", "POST", confirm, hash)
	program.refused(403, "session.person", "POST", confirm, hash)
	ann.refused(409, "confirm.changed", "POST", confirm, map[string]string{"release_hash": strings.Repeat("0", 64)})
	ann.refused(422, "confirm.not_ready", "POST", confirm, map[string]string{"release_hash": ""})
	ann.refused(403, "request.cross_origin", "POST", confirm, hash, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if a := h.visitor().do("GET", "/p/"+v.Work, nil); a.status != 404 {
		t.Errorf("unconfirmed note: got %d, want 404", a.status)
	}
	ann.must("POST", confirm, hash, nil)
	if a := h.visitor().do("GET", "/p/"+v.Work, nil); a.status != 200 {
		t.Errorf("confirmed note: got %d, want 200", a.status)
	}
}
