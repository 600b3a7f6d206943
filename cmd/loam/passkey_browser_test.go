package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"loam"
	"loam/internal/audit"
)

// authenticator gives the browser a device with a fingerprint reader that always agrees.
func (p *page) authenticator() webauthn.AuthenticatorID {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		p.fail(err)
	}
	a, err := chromedp.Call(p.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	if err != nil {
		p.fail(err)
	}
	return a.AuthenticatorID
}

// TestBrowserPasskey: a creator adds a passkey, allows a use with one click and its signature,
// takes it back without one, signs that she did; whoever has a copy of the ledger's folder sees by
// the command on her page that she signed. When the passkey is lost she says no all the same, and
// yes once she signs no more.
func TestBrowserPasskey(t *testing.T) {
	t.Parallel()
	h := nameHouse(t)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒，都用了一个夏天", nil).Version.Work
	p := openPage(t, h.url, 1440, 900)
	device := p.authenticator()
	p.signIn("ann")
	p.open("/app/rights")
	p.write(`.passkeys input[type="text"]`, "手机")
	p.click(`.passkeys [type="submit"]`)
	p.sees("通行密钥加好了")
	p.sees("1 把在用")

	style := fmt.Sprintf(`tr[data-work=%q] .switch[aria-label$="模仿风格"]`, work)
	p.click(style)
	p.eventually("a signed yes", func() bool {
		got := ann.permission(work, loam.UseStyle)
		return got.Allowed && got.Evidence == "L3"
	})
	p.wait("the mark of her signature", fmt.Sprintf(`document.querySelector(%s)?.matches('[aria-busy="false"]') && document.querySelector(%s)`, quote(style), quote(style+" + .brief .signed")))
	p.wait("its receipt", `document.querySelector(".timeline li:first-child.grant .receipt")`)
	p.click(style + " + .brief")
	p.sees("你的通行密钥签过名")
	p.click(".why-box .receipt summary")
	p.sees("连本站也造不出来")
	command := strings.Fields(eval[string](p, `document.querySelector(".why-box pre").innerText`))
	p.press(kb.Escape)
	p.click(style)
	p.eventually("an unsigned no", func() bool {
		got := ann.permission(work, loam.UseStyle)
		return !got.Allowed && got.Evidence == "L1" && got.Place >= 0
	})
	p.wait("it to be recorded", `!document.querySelector(".recording")`)
	p.click(style + " + .brief")
	p.wait("the receipt above the button, which moves it", `document.querySelector(".why-box .receipt")`)
	p.click(".why-box .sign")
	p.eventually("a signed no", func() bool { return ann.permission(work, loam.UseStyle).Evidence == "L3" })
	p.eventually("it to be recorded", func() bool { return ann.permission(work, loam.UseStyle).Place >= 0 })

	copied := filepath.Join(t.TempDir(), "copy")
	if code, said, errs := loamRun(t, "ledger", "mirror", "--key", h.node.signer.key, h.node.ledgerDir(), copied); code != 0 || !strings.Contains(said, "2 signatures, 0 erased, 0 missing") {
		t.Fatalf("exit code %d: %s%s", code, said, errs)
	}
	if want := "--party localhost --origin " + h.url + " --receipt loam-"; !strings.Contains(strings.Join(command, " "), want) {
		t.Errorf("the page says %v, want %q in it", command, want)
	}
	args := []string{"--key", h.node.signer.key, "--party", "localhost", "--origin", h.url, copied}
	var out bytes.Buffer
	if status := audit.Verify("loam-verify", args, &out, &out); status != 0 || !strings.Contains(out.String(), "L3 1") || !strings.Contains(out.String(), "signatures verified 2, bundles missing 0") {
		t.Errorf("a stranger reads, with status %d:\n%s", status, &out)
	}

	if _, err := chromedp.Call(p.ctx, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: device, IsBogusSignature: new(true)}); err != nil {
		t.Fatal(err)
	}
	before := h.leaves(ann)
	p.wait("the page to be done", `!document.querySelector('[aria-busy="true"]')`)
	p.click(style)
	p.sees("签名无效")
	if _, err := chromedp.Call(p.ctx, webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: device}); err != nil {
		t.Fatal(err)
	}
	p.wait("the page to be done", `!document.querySelector('[aria-busy="true"]')`)
	p.click(style)
	p.sees("没有签名，这次什么也没改")
	if got := h.leaves(ann); got != before {
		t.Errorf("%d leaves were written without her signature", got-before)
	}
	p.wait("the page to be done", `!document.querySelector('[aria-busy="true"]')`)
	index := fmt.Sprintf(`tr[data-work=%q] .switch[aria-label$="被搜索到"]`, work)
	p.click(index)
	p.eventually("a no without the passkey", func() bool { return !ann.permission(work, loam.UseIndex).Allowed })
	p.click(".passkeys .ant-switch")
	p.wait("the page to be done", `!document.querySelector('[aria-busy="true"]')`)
	p.click(style)
	p.eventually("an unsigned yes", func() bool {
		got := ann.permission(work, loam.UseStyle)
		return got.Allowed && got.Evidence == "L1"
	})
	p.click(".passkeys summary")
	p.click(".passkeys .lost summary")
	p.sees("什么都不会丢")
	p.click(".passkeys li .ant-btn")
	p.sees("已停用")
	if got := ann.states(); got != "retired" {
		t.Errorf("her keys are %s", got)
	}
	p.quiet()
}
