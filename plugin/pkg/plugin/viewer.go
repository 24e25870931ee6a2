package plugin

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// viewer says on whose behalf Grafana asks. All of it comes from what Grafana puts beside a request, never from the
// query; the service believes it from a token with the scope delegate.
type viewer struct{ Kind, Login, Email, Role, Auth string }

// identity is the part of Grafana's id token that counts here.
type identity struct {
	Type            string `json:"type"`
	Username        string `json:"username"`
	Email           string `json:"email"`
	AuthenticatedBy string `json:"authenticatedBy"`
}

func viewerOf(user *backend.User, headers http.Header, trustEmails bool) viewer {
	if user == nil {
		return viewer{Kind: "anonymous"}
	}
	id := readIdentity(headers.Get(backend.GrafanaUserSignInTokenHeaderName))
	v := viewer{Kind: kindOf(user, id, headers), Login: user.Login, Email: user.Email, Role: user.Role}
	switch {
	case isPictureForNobody(user, id):
		v.Auth = picture
	case v.Kind != "user":
	case trustEmails:
		v.Auth = "trusted"
	case id.Username == user.Login && id.Email == user.Email:
		v.Auth = lastSignIns.of(user.Login, user.Email, id.AuthenticatedBy)
	}
	return v
}

// isPictureForNobody recognizes Grafana's picture service, which makes a picture for the message of an alert: no
// person asked for that.
func isPictureForNobody(user *backend.User, id identity) bool {
	return user.Login == "" && id.Type == "render"
}

// kindOf tells people from everything else, as Grafana 12.4 shows them. A browser can send X-Rule-Uid along, and anyone
// can be called grafana_scheduler; but then Grafana adds an id token, which the scheduler has not.
func kindOf(user *backend.User, id identity, headers http.Header) string {
	switch {
	case isPictureForNobody(user, id):
		return "public"
	case user.Login == "":
		return "anonymous"
	case user.Login == "service" && user.Email == "":
		return "public"
	case user.Login == "grafana_scheduler" && headers.Get("X-Rule-Uid") != "" && id.Type == "":
		return "alert"
	case id.Type == "user", id.Type == "" && !strings.HasPrefix(user.Login, "sa-"):
		return "user"
	case id.Type == "anonymous", id.Type == "unauthenticated", id.Type == "public":
		return "anonymous"
	default:
		return "service-account"
	}
}

// readIdentity reads the claims of the id token. Its signature is not checked: Grafana itself sets this header on every
// request of someone who is signed in, over one that a browser sent.
func readIdentity(token string) (id identity) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return id
	}
	if claims, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
		_ = json.Unmarshal(claims, &id)
	}
	return id
}

func (v viewer) setHeaders(headers http.Header) {
	for name, value := range map[string]string{"Kind": v.Kind, "Login": v.Login, "Email": v.Email, "Role": v.Role, "Auth": v.Auth} {
		if value == "" {
			continue
		}
		if strings.ContainsFunc(value, unicode.IsControl) {
			// what no header can hold is nobody's name: it must not be refused, nor become somebody's
			value = strconv.QuoteToASCII(value)
		}
		headers.Set("X-Runboard-Viewer-"+name, value)
	}
}
