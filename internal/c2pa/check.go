package c2pa

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
)

// checkSignature judges the signature over the claim and who made it.
func (in *inspection) checkSignature(m *manifest) {
	url := m.signatureURL()
	link := m.claim.Signature
	if m.signature == nil || m.signature.holds != "cbor" || link != url && link != "self#jumbf="+labelSignature {
		in.fail(codeSignatureMissing, url)
		return
	}
	s, err := in.readSignature(m.signature.content, in.trust, in.now)
	if err != nil {
		in.add(LevelFailure, codeSignatureWrong, url, err.Error())
		return
	}
	if len(s.certs) == 0 {
		in.add(LevelFailure, codeCredentialWrong, url, "no certificate")
		return
	}
	leaf := s.certs[0]
	m.said.Signer = leaf.Subject.CommonName
	if len(leaf.Subject.Organization) > 0 {
		m.said.Issuer = leaf.Subject.Organization[0]
	}
	if _, known := hashOf(s.alg); !known {
		in.fail(codeAlgorithm, url)
		return
	}
	if _, _, err := algOf(leaf.PublicKey); err != nil {
		in.add(LevelFailure, codeCredentialWrong, url, "the certificate's key is none that signs content")
		return
	}
	right, err := in.verify(s, m.claimBox.content)
	if err != nil || !right {
		in.fail(codeSignatureWrong, url)
		return
	}
	in.ok(codeSignatureRight, url)
	in.checkCredential(s, url)
}

// checkCredential judges a certificate by C2PA 2.2, 14.5, its time, and whom it comes from.
func (in *inspection) checkCredential(s *signature, url string) {
	leaf := s.certs[0]
	if in.now.Before(leaf.NotBefore) || in.now.After(leaf.NotAfter) {
		if s.stamped {
			in.add(LevelInfo, codeStampUnread, url, "")
		}
		in.fail(codeOutsideValidity, url)
		if in.now.After(leaf.NotAfter) {
			in.fail(codeCredentialOver, url)
		}
		return
	}
	in.ok(codeInsideValidity, url)
	if s.vouched {
		in.ok(codeTrusted, url)
		return
	}
	if why := CheckLeaf(leaf); why != "" {
		in.add(LevelFailure, codeCredentialWrong, url, why)
		return
	}
	if in.trust.vouch(s.rawChain, s.certs, in.now) {
		in.ok(codeTrusted, url)
	} else {
		in.fail(CodeUntrusted, url)
	}
}

// ekuC2PA is the purpose "C2PA claim signing"; ekuDocument is that of RFC 9336.
var (
	ekuC2PA     = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 62558, 2, 1}
	ekuDocument = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
)

// CheckLeaf says why a certificate cannot sign a claim (C2PA 2.2, 14.5.1), "" if it can.
func CheckLeaf(c *x509.Certificate) string {
	purpose := slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageEmailProtection)
	for _, o := range c.UnknownExtKeyUsage {
		purpose = purpose || o.Equal(ekuC2PA) || o.Equal(ekuDocument)
	}
	switch {
	case c.Version != 3:
		return "the certificate is not of version 3"
	case c.IsCA:
		return "the certificate is an authority's"
	case c.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return "the certificate's key usage lacks digitalSignature"
	case !purpose || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny):
		return "the certificate's extended key usage is none that signs content"
	case len(c.AuthorityKeyId) == 0:
		return "the certificate has no authority key identifier"
	case len(c.UnhandledCriticalExtensions) > 0:
		return "the certificate has a critical extension that is not known"
	}
	if _, _, err := algOf(c.PublicKey); err != nil {
		return "the certificate's key is none that signs content"
	}
	return ""
}

// checkActions judges what a manifest says was done (C2PA 2.2, 18.15.2): it begins with
// created or opened, has one of them, and says of what is created how.
func (in *inspection) checkActions(m *manifest) {
	if m.claimBox.label != labelClaim {
		in.tellActions(m)
		return
	}
	url := m.assertion(labelActions)
	begun := 0
	for i, list := range m.acted {
		for j, a := range list {
			if a.Action != ActionCreated && a.Action != ActionOpened {
				if i == 0 && j == 0 && m.box.kind != typeUpdate {
					in.add(LevelFailure, codeActionMalformed, url, "the first action is neither created nor opened")
				}
				continue
			}
			begun++
			switch {
			case begun > 1:
				in.add(LevelFailure, codeActionMalformed, url, "created or opened twice")
			case a.Action == ActionCreated && a.SourceType == "":
				in.add(LevelFailure, codeActionMalformed, url, "created without a digital source type")
			case a.Action == ActionOpened && !in.opensParent(m, a):
				in.fail(codeActionIngredient, url)
			}
		}
	}
	if begun == 0 && len(m.acted) == 0 && m.box.kind != typeUpdate {
		in.add(LevelFailure, codeActionMalformed, url, "no actions")
	}
	in.tellActions(m)
}

// opensParent reports whether an action names exactly one ingredient, the parent.
func (in *inspection) opensParent(m *manifest, a actionForm) bool {
	if a.Parameters == nil {
		return false
	}
	links := a.Parameters.Ingredients
	if a.Parameters.Ingredient != nil {
		links = append(links, *a.Parameters.Ingredient)
	}
	if len(links) != 1 {
		return false
	}
	label, _ := m.local(links[0].URL)
	for _, i := range m.ingredients {
		if i.url == m.assertion(label) {
			return i.Relationship == "parentOf"
		}
	}
	return false
}

func (in *inspection) tellActions(m *manifest) {
	for _, list := range m.acted {
		for _, a := range list {
			m.said.Actions = append(m.said.Actions, Action{Action: a.Action, SourceType: a.SourceType, Agent: in.agent(a.Agent)})
		}
	}
}

// descend checks the manifests of a manifest's ingredients, each once.
func (in *inspection) descend(m *manifest, depth int) {
	parents := 0
	for _, i := range m.ingredients {
		link := i.manifest()
		told := Ingredient{Relationship: i.Relationship, Title: i.Title}
		if i.Relationship == "parentOf" {
			if parents++; parents > 1 {
				in.fail(codeParents, m.url)
			}
		}
		if link == nil {
			in.add(LevelInfo, codeNoProvenance, i.url, "")
		} else {
			told.Manifest = strings.TrimPrefix(link.URL, "self#jumbf=/c2pa/")
			in.ingredient(i, link, told.Manifest, depth)
		}
		m.said.Ingredients = append(m.said.Ingredients, told)
	}
}

// maxChainOfFiles bounds how many files back the history of one is followed.
const maxChainOfFiles = 256

func (in *inspection) ingredient(i ingredient, link *hashedURI, label string, depth int) {
	m := in.all[label]
	if m == nil {
		in.fail(codeIngredientGone, i.url)
		return
	}
	h, ok := digest(link.Alg)
	if !ok || string(in.digest(m.box, h)) != string(link.Hash) {
		in.fail(codeIngredientWrong, i.url)
		return
	}
	in.ok(codeIngredientRight, i.url)
	if s := i.Signature; s != nil {
		h, ok := digest(s.Alg)
		if !ok || m.signature == nil || string(in.digest(m.signature, h)) != string(s.Hash) {
			in.fail(codeIngredientSign, i.url)
		}
	}
	if slices.Contains(in.order, m) {
		return
	}
	if depth >= maxChainOfFiles {
		in.add(LevelFailure, codeGeneral, i.url, "too many files back")
		return
	}
	if i.Results != nil {
		for _, r := range slices.Concat(i.Results.Active.Success, i.Results.Active.Informational, i.Results.Active.Failure) {
			in.known[Result{Code: r.Code, URL: r.URL}] = true
		}
	}
	for _, r := range i.Status {
		in.known[Result{Code: r.Code, URL: r.URL}] = true
	}
	in.check(m)
	in.descend(m, depth+1)
}
