package sparrow.server.audio;

import java.util.Arrays;
import java.util.Base64;

/**
 * Decodes base64 strictly as specified by RFC 4648: standard alphabet, with padding, without line breaks, and with
 * unused bits set to zero. Each sequence of bytes then has exactly one text, and damaged text is rejected instead of
 * being played as noise.
 */
public final class StrictBase64 {
    private StrictBase64() {}

    /**
     * Decodes base64 text. Its length is checked before memory is allocated.
     *
     * @throws IllegalArgumentException if the text is not base64 or encodes more bytes than allowed
     */
    public static byte[] decode(String text, int maxBytes) {
        if (text.length() % 4 != 0) {
            throw new IllegalArgumentException(
                    "base64: expected a multiple of 4 characters, found " + text.length() + " (padded with =?)");
        }
        long bytes = text.length() / 4 * 3L - padding(text);
        if (bytes > maxBytes) {
            throw new IllegalArgumentException("base64: expected at most " + maxBytes + " bytes, found " + bytes);
        }
        checkAlphabet(text);
        byte[] decoded = Base64.getDecoder().decode(text);
        checkLeftOver(text, decoded);
        return decoded;
    }

    private static int padding(String text) {
        if (text.endsWith("==")) return 2;
        return text.endsWith("=") ? 1 : 0;
    }

    private static void checkAlphabet(String text) {
        for (int i = 0; i < text.length() - padding(text); i++) {
            char c = text.charAt(i);
            boolean known =
                    c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/';
            if (!known) {
                String found = c > ' ' && c < 127 ? "'" + c + "'" : "U+%04X".formatted((int) c);
                throw new IllegalArgumentException(
                        "base64: expected letters, digits, + and /, found " + found + " at " + i);
            }
        }
    }

    /** Checks that the two or four unused bits of the last character of padded text are zero. */
    private static void checkLeftOver(String text, byte[] decoded) {
        int padding = padding(text);
        if (padding == 0) return;
        byte[] last = Arrays.copyOfRange(decoded, decoded.length - (3 - padding), decoded.length);
        if (!text.endsWith(Base64.getEncoder().encodeToString(last))) {
            throw new IllegalArgumentException("base64: unused bits after the last byte are not zero (truncated?)");
        }
    }
}
