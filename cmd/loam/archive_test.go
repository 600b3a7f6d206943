package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/takeout"
	"loam/internal/web"
)

// taken is what an archive says, by the names that stay the same wherever it goes.
type taken struct {
	Versions []string // their hashes with those of the bytes
	Blobs    []string
	Leaves   []string // ids and hashes, of this installation and those before
}

// readExport reads an archive and verifies its receipts, where a key is given.
func readExport(t *testing.T, b []byte, key note.Verifier) taken {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out taken
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		kind, name, _ := strings.Cut(f.Name, "/")
		switch {
		case kind == "blobs":
			out.Blobs = append(out.Blobs, name)
		case kind == "leaves.jsonl" || kind == "evidence":
			for _, l := range linesIn[loam.ArchivedLeaf](t, data) {
				out.Leaves = append(out.Leaves, l.ID+" "+tlog.RecordHash(l.Leaf).String())
				if kind == "evidence" || key == nil {
					continue
				}
				p, err := merkle.ParseProof([]byte(l.Receipt))
				if err == nil {
					_, err = p.Verify(l.Leaf, key)
				}
				if err != nil {
					t.Errorf("receipt of leaf %d: %v", l.N, err)
				}
			}
		case f.Name == "works.jsonl":
			for _, w := range linesIn[loam.ArchivedWork](t, data) {
				for _, v := range w.Versions {
					out.Versions = append(out.Versions, strings.Join(append([]string{v.ID, v.Hash, v.ReleaseHash}, takeout.BlobsOf(v)...), " "))
				}
			}
		}
	}
	slices.Sort(out.Blobs)
	return out
}

func linesIn[T any](t *testing.T, b []byte) []T {
	t.Helper()
	var out []T
	for d := json.NewDecoder(bytes.NewReader(b)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// command runs one command line beside a house and gives what it prints.
func command(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := loamRun(t, args...)
	if code != 0 {
		t.Fatalf("%q: %d %s", args, code, errs)
	}
	return out
}

func TestExport(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		exportRound(t, nil, nil)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		exportRound(t, onPostgres(t), onPostgres(t))
	})
}

// exportRound takes everything of a creator's out of one installation into another, and out of
// that again: each version, its bytes and her leaves have the same hashes; her notes go out
// anew by her own confirmation, and nothing is permitted that was not.
func exportRound(t *testing.T, first, second func(*config)) {
	h := newHouse(t, func(c *config) {
		withProducer(c)
		if first != nil {
			first(c)
		}
	})
	ann, bob := h.person("ann"), h.person("bob")
	one := ann.publish("湖边的两支防晒", nil).Version
	sheet := ann.withSound("入手了一个二手书架，99元，用了三个月，很稳", "书架的声音", melody(1))
	ann.shows(&sheet, ann.upload(sheet.ID, noisyJPEG(t, 320, 240)), false)
	bob.publish("别人的笔记", nil)
	var leaves []string
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{one.Work}, "uses": []string{"style", "retrieve"}, "allowed": true, "attribution": true}, &leaves)
	ann.must("PUT", "/api/rights", map[string]any{"works": []string{one.Work}, "uses": []string{"style"}, "allowed": false}, &leaves)
	ann.registers(h.person("rita", loam.Reviewer), loam.ProtectVoice, "林晚", noisyJPEG(t, 200, 160))
	var acts []loam.RightsAct
	ann.must("GET", "/api/rights/acts", nil, &acts)
	ann.receipt(acts[0].ID) // once a checkpoint covers all of hers
	key, err := note.NewVerifier(h.signer.key)
	if err != nil {
		t.Fatal(err)
	}
	a := ann.must("GET", "/api/rights/export", nil, nil)
	was := readExport(t, a.body, key)
	if len(was.Versions) != 2 || len(was.Blobs) < 4 || len(was.Leaves) < 4 || a.header.Get("Content-Disposition") != `attachment; filename="loam-ann.zip"` {
		t.Fatalf("exported %+v %v", was, a.header)
	}
	h.visitor().refused(401, "session.needed", "GET", "/api/rights/export", nil)

	dir := t.TempDir()
	file, data := filepath.Join(dir, "ann.zip"), filepath.Join(dir, "data")
	args := []string{"--data", h.config.Data}
	if h.config.DB != "" {
		args = append(args, "--db", h.config.DB)
	}
	command(t, append([]string{"account", "export", "ann", "-o", file}, args...)...)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(was, readExport(t, b, key)); d != "" {
		t.Errorf("at the command line, -want +got\n%s", d)
	}

	c := config{place: place{Data: data}}
	if second != nil {
		second(&c)
	}
	args = []string{"--data", data}
	if c.DB != "" {
		args = append(args, "--db", c.DB)
	}
	handle, secret, _ := strings.Cut(strings.TrimSpace(command(t, append([]string{"account", "import", file}, args...)...)), "\t")
	to := newHouse(t, func(n *config) {
		withProducer(n)
		n.place = c.place
	})
	ann = to.visitor()
	ann.must("POST", "/api/session", map[string]string{"handle": handle, "password": secret}, &struct{}{})
	again := readExport(t, ann.must("GET", "/api/rights/export", nil, nil).body, nil)
	if d := cmp.Diff([][]string{was.Versions, was.Blobs}, [][]string{again.Versions, again.Blobs}); d != "" {
		t.Errorf("after the import, -want +got\n%s", d)
	}
	for _, l := range was.Leaves {
		if !slices.Contains(again.Leaves, l) {
			t.Errorf("leaf %s is gone", l)
		}
	}
	if len(again.Leaves) <= len(was.Leaves) {
		t.Error("the new installation logged nothing of its own")
	}
	for u, want := range map[loam.Use]string{loam.UseRetrieve: "granted", loam.UseStyle: "revoked", loam.UseVoice: "protected"} {
		list, err := to.db.Uses(t.Context(), one.Work)
		if err != nil {
			t.Fatal(err)
		}
		p := list[slices.Index(loam.Uses(), u)]
		if may, err := to.db.May(t.Context(), one.Work, u); err != nil || may || p.Reason != want || p.Allowed && (p.Evidence != ledger.Asserted.String() || !p.Attribution) {
			t.Errorf("%s: %+v, %v, %v", u, p, may, err)
		}
	}
	var protected web.ProtectionsView
	ann.must("GET", "/api/protections", nil, &protected)
	if len(protected.List) != 1 || protected.List[0].State != loam.ProtectionAsked || protected.List[0].Name != "林晚" || len(protected.List[0].Proofs) != 1 || !protected.List[0].Proofs[0].Shown {
		t.Errorf("her protection is %+v", protected.List)
	}
	to.visitor().refused(404, "note.not_found", "GET", "/api/works/"+one.Work+"/related", nil)
	var kept web.Sheet
	ann.must("GET", "/api/works/"+one.Work, nil, &kept)
	if v := ann.confirm(ann.submit(kept, nil)); v.Work != one.Work || v.Number != 2 {
		t.Errorf("what goes out is %+v", v.Version)
	}
	to.visitor().must("GET", "/p/"+one.Work, nil, nil)
}

// TestElsewhere: where a command finds nothing, and a demo's data lies below the folder it looked in,
// it says so; beside no demo it does not.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	says := func(demo bool) {
		t.Helper()
		dir := filepath.Join(data, demoFolder)
		for _, args := range [][]string{{"account", "export", "banshan", "-o", filepath.Join(data, "x.zip")}, {"account", "password", "--account", "banshan"}, {"account", "list"}, {"doctor"}} {
			_, out, errs := loamRun(t, append(args, "--data", data)...)
			if got := strings.Contains(out+errs, dir); got != demo {
				t.Errorf("%v: says where the demo is: %v, want %v\n%s%s", args, got, demo, out, errs)
			}
		}
	}
	says(false)
	if err := os.MkdirAll(filepath.Join(data, demoFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, demoFolder, "loam.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	says(true)
}
