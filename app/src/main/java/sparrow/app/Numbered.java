package sparrow.app;

import java.nio.file.Path;

/** File names of the answers of one conversation. */
final class Numbered {
    private Numbered() {}

    /** {@code answer.wav} to {@code answer-2.wav}. */
    static Path file(Path pattern, int number) {
        String name = pattern.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String ending = dot > 0 ? name.substring(dot) : "";
        return pattern.resolveSibling(stem + "-" + number + ending);
    }
}
