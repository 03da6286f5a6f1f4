package sparrow.engine.weights;

/** Text from a file, made fit to stand in a message of one line. */
final class Printable {
    private static final int LONGEST = 120;

    private Printable() {}

    static String of(String text) {
        String head = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return head.replaceAll("\\p{Cntrl}", "?");
    }
}
