package sparrow.app.console;

import java.io.Console;

/** Standard output, which supports colours if it is a terminal. */
public record Screen(boolean colours) {
    private static final String RESET = "\u001b[0m";

    /** A colour of terminal text. */
    public enum Colour {
        CYAN(36),
        YELLOW(33),
        GREEN(32),
        MAGENTA(35),
        DIM(2);

        private final String code;

        Colour(int code) {
            this.code = "\u001b[" + code + "m";
        }
    }

    /** Returns the screen of this process. */
    public static Screen ofProcess() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new Screen(terminal && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM")));
    }

    /** Returns the text in a colour, or unchanged if the screen has no colours. */
    public String paint(Colour colour, String text) {
        return colours ? colour.code + text + RESET : text;
    }
}
