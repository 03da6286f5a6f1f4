package sparrow.study.heads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import sparrow.engine.weights.AtomicFile;

/** A folder that workers on other machines are to see, too: a file in it proves that they do. */
final class SharedFolder {
    static final String PROOF = ".shared";
    private static final int MOST_BYTES = 100;

    private SharedFolder() {}

    /**
     * Puts a proof into a folder.
     *
     * @return its content
     */
    static String prove(Path folder) throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String proof = HexFormat.of().formatHex(random);
        AtomicFile.write(folder.resolve(PROOF), proof);
        return proof;
    }

    /**
     * Refuses a folder that is another one's of the same name.
     *
     * @throws IllegalArgumentException if the proof does not lie there
     */
    static void requireProof(Path folder, String proof) throws IOException {
        Path file = folder.resolve(PROOF);
        boolean there = Files.isRegularFile(file)
                && Files.size(file) <= MOST_BYTES
                && Files.readString(file).equals(proof);
        if (there) return;
        throw new IllegalArgumentException(
                folder + ": is not the folder that the run writes to; expected one that all machines share");
    }
}
