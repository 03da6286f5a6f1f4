package sparrow.study.report;

import java.util.Base64;

/** Pieces of a self-contained page. */
public final class Markup {
    private Markup() {}

    /** Returns text that a browser displays as it is. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Returns a player of a WAV file, which the page contains. */
    public static String player(byte[] wav) {
        return "<audio controls preload=\"none\" src=\"" + dataUri("audio/wav", wav) + "\"></audio>";
    }

    static String dataUri(String type, byte[] content) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content);
    }
}
