package audit

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle/merkletest"
)

// folder writes a small log and gives where, with a receipt and an older checkpoint beside it.
func folder(t *testing.T) (*merkletest.Log, *merkletest.Witness, string) {
	t.Helper()
	l := merkletest.New(t, "loam/test", 1)
	for n := range byte(40) {
		raw, err := (&ledger.Leaf{
			V: 1, Kind: ledger.Work, ID: ledger.ID{1, n}, At: 1, Account: ledger.ID{2}, Work: ledger.ID{3, n}, Hash: ledger.Hash{4},
		}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		l.Append(t, raw)
	}
	raw, err := (&ledger.Leaf{
		V: 1, Kind: ledger.Grant, ID: ledger.ID{9}, At: 1, Account: ledger.ID{2}, Work: ledger.ID{3}, Uses: []loam.Use{loam.UseStyle},
		Terms: ledger.Terms{Price: ledger.Free}, Actor: ledger.Creator, Sig: ledger.Hash{1}, Signer: ledger.Hash{1},
	}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	l.Append(t, raw)
	l.Publish(t)
	w := merkletest.NewWitness("w.example", 1764201600)
	l.Files["checkpoint"] = w.Cosign(t, l, l.Files["checkpoint"])
	l.Files["old"] = l.Checkpoint(t, 30)
	l.Files["receipt"] = l.Receipt(t, 5, 35).Text()
	dir := t.TempDir()
	for path, data := range l.Files {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return l, w, dir
}

func TestRun(t *testing.T) {
	t.Parallel()
	l, w, dir := folder(t)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	with := func(more ...string) []string { return append([]string{"--key", l.Key}, more...) }
	file := func(name string) string { return filepath.Join(dir, name) }
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"a folder":    {with(dir), 0, "OK loam/test: 41 leaves"},
		"an address":  {with(server.URL), 0, "OK loam/test: 41 leaves"},
		"with a path": {with(server.URL + "/"), 0, "outcomes: applied 40 unsigned 1"},
		"everything": {
			with("--witness", w.Key, "--old", file("old"), "--receipt", file("receipt"), "--bundles", dir, "--party", "x", "--origin", "https://x", dir), 0,
			"witnessed by w.example at 2025-11-27T00:00:00Z",
		},
		"too few witnesses": {with("--quorum", "2", "--witness", w.Key, dir), 1, "VIOLATED checkpoint.witnesses: 1 of 2"},
		"another key":       {[]string{"--key", merkletest.New(t, "loam/test", 2).Key, dir}, 1, "VIOLATED checkpoint.signed"},
		"as JSON":           {with("--json", dir), 0, `"ok": true`},
		"violated as JSON":  {with("--json", "--old", file("receipt"), dir), 1, `"check": "old.signed"`},
		"no log":            {with(t.TempDir()), 1, "VIOLATED checkpoint.missing"},
		"no log served":     {with(server.URL + "/nowhere"), 1, "VIOLATED checkpoint.missing: 404"},
		"nobody there":      {with("http://127.0.0.1:1"), 1, "VIOLATED checkpoint.missing"},
		"no folder":         {with(file("nowhere")), 2, "no such file"},
		"no key":            {[]string{dir}, 2, "usage:"},
		"a bad key":         {[]string{"--key", "x", dir}, 2, "--key"},
		"a bad witness":     {with("--witness", l.Key, dir), 2, "--witness"},
		"a witness twice":   {with("--witness", w.Key, "--witness", w.Key, dir), 2, "--witness: invalid: log.key_twice"},
		"no receipt":        {with("--receipt", file("nowhere"), dir), 2, "no such file"},
		"no checkpoint":     {with("--old", file("nowhere"), dir), 2, "no such file"},
		"no such flag":      {with("--x", dir), 2, "usage:"},
		"two folders":       {with(dir, dir), 2, "usage:"},
		"no bundles":        {with("--bundles", file("nowhere"), dir), 2, "no such file"},
	} {
		var out, problems bytes.Buffer
		if status := Verify("loam-verify", c.args, &out, &problems); status != c.status || !strings.Contains(out.String()+problems.String(), c.says) {
			t.Errorf("%s: status %d, want %d, with %q\n%s%s", name, status, c.status, c.says, &out, &problems)
		}
		if strings.HasPrefix(out.String(), "VIOLATED") && !strings.Contains(out.String(), "\nThat means: ") {
			t.Errorf("%s: no word of what it means: %s", name, &out)
		}
		if slices.Contains(c.args, "--json") && !json.Valid(out.Bytes()) {
			t.Errorf("%s: no JSON: %s", name, &out)
		}
	}
}

// TestLongExtract: an extract may be as long as a manifest; two proofs for each of her works make it
// longer than any other file that is handed in.
func TestLongExtract(t *testing.T) {
	t.Parallel()
	l, _, dir := folder(t)
	file := filepath.Join(dir, "extract")
	if err := os.WriteFile(file, append(bytes.Repeat([]byte(" "), maxFile), "{}"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if status := Verify("loam-verify", []string{"--key", l.Key, "--extract", file, dir}, &out, &out); status != 1 || strings.Contains(out.String(), "too large") {
		t.Errorf("status %d: %s", status, &out)
	}
}

// TestFilesAreBounded: neither a folder nor a server can fill the verifier's memory.
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	l, _, dir := folder(t)
	big := filepath.Join(dir, "tile", "entries", "000.p", "41")
	if err := os.Truncate(big, maxFile+1); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if status := Verify("loam-verify", []string{"--key", l.Key, dir}, &out, &out); status != 1 || !strings.Contains(out.String(), "too large") {
		t.Errorf("status %d: %s", status, &out)
	}
}
