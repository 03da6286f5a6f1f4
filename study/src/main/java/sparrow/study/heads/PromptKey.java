package sparrow.study.heads;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Tells prompts apart: half of the SHA-256 of what a prompt was read from.
 *
 * @param high first eight bytes
 * @param low next eight bytes
 */
record PromptKey(long high, long low) {
    static PromptKey of(byte[] content) {
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content));
            return new PromptKey(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
