// A signer in Java 11 or newer, without dependencies; see vectors/README.md for the rule and the protocol.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Signer {
    /** Returns the signature of a request. Send the endpoint and the timestamp exactly as they are signed. */
    static String sign(String method, String endpoint, String timestamp, String secret)
            throws GeneralSecurityException {
        String message = String.join("\n", method, endpoint, timestamp);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    }

    // matches() compares the whole text. With find(), $ would also match before a trailing newline.
    static String refusal(Map<String, String> ask) {
        if (!ask.get("method").matches("[A-Z]+")) return "the method is not upper-case letters";
        if (!ask.get("endpoint").matches("/[!\"$-~]*")) return "the endpoint is not a slash and visible ASCII without #";
        if (!ask.get("timestamp").matches("0|[1-9][0-9]*")) return "the timestamp is not plain decimal digits";
        if (ask.get("secret").isEmpty()) return "the secret is empty"; // SecretKeySpec refuses it too
        if (ask.get("access_key").matches("[!-9;=?-~]+")) return null;
        return "the access key is not visible ASCII without colon and angle brackets";
    }

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = questions.readLine()) != null; ) {
            Map<String, String> ask = parse(line);
            String id = quoted(ask.get("id"));
            String refused = refusal(ask);
            if (refused != null) {
                System.out.println("{\"id\":" + id + ",\"refused\":" + quoted(refused) + "}");
                continue;
            }
            String signature = sign(ask.get("method"), ask.get("endpoint"), ask.get("timestamp"), ask.get("secret"));
            String authorization = quoted("Bearer " + ask.get("access_key") + ":" + signature);
            System.out.println(
                    "{\"id\":" + id + ",\"signature\":\"" + signature + "\",\"authorization\":" + authorization + "}");
        }
    }

    // Java has no JSON library. These two are enough for the protocol: an object of strings, and visible ASCII.

    static Map<String, String> parse(String line) {
        var fields = new HashMap<String, String>();
        String name = null;
        for (int at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) {
            var text = new StringBuilder();
            for (at++; line.charAt(at) != '"'; at++) {
                char character = line.charAt(at);
                if (character == '\\') {
                    character = line.charAt(++at);
                    int control = "bfnrt".indexOf(character);
                    if (control >= 0) {
                        character = "\b\f\n\r\t".charAt(control);
                    } else if (character == 'u') {
                        character = (char) Integer.parseInt(line, at + 1, at + 5, 16);
                        at += 4;
                    }
                }
                text.append(character);
            }
            if (name == null) {
                name = text.toString();
            } else {
                fields.put(name, text.toString());
                name = null;
            }
        }
        return fields;
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
