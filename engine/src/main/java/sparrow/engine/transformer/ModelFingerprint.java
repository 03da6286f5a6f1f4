package sparrow.engine.transformer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Identifies a trained transformer, so that heads or other files of a different transformer can be detected. It is the
 * SHA-256 digest of dimensions, norms and biases. Every file format stores these in full precision, so the fingerprint
 * does not depend on the quantisation of the matrices. Two models that differ only in their matrices have the same
 * fingerprint.
 *
 * @param hash 64 hexadecimal digits
 */
public record ModelFingerprint(String hash) {
    public ModelFingerprint {
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("model fingerprint: expected 64 hexadecimal digits, got " + hash);
        }
    }

    /** Computes the fingerprint of a transformer. */
    public static ModelFingerprint of(Transformer transformer) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        sizes(digest, transformer.config());
        for (Layer layer : transformer.layers()) layer(digest, layer);
        add(digest, transformer.finalNorm());
        return new ModelFingerprint(HexFormat.of().formatHex(digest.digest()));
    }

    private static void sizes(MessageDigest digest, TransformerConfig config) {
        for (int size : new int[] {
            config.layers(),
            config.width(),
            config.heads(),
            config.kvHeads(),
            config.headWidth(),
            config.ffnWidth(),
            config.vocabulary()
        }) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, size));
        }
    }

    private static void layer(MessageDigest digest, Layer layer) {
        add(digest, layer.mixerNorm());
        switch (layer.mixer()) {
            case SelfAttention attention -> {
                add(digest, attention.query().bias());
                add(digest, attention.key().bias());
                add(digest, attention.value().bias());
                if (attention.queryNorm() != null) add(digest, attention.queryNorm());
                if (attention.keyNorm() != null) add(digest, attention.keyNorm());
            }
            case ShortConvolution convolution -> {
                for (float[] tap : convolution.taps()) add(digest, tap);
            }
        }
        add(digest, layer.ffnNorm());
        if (layer.postNorms() == null) return;
        add(digest, layer.postNorms().mixer());
        add(digest, layer.postNorms().ffn());
    }

    /** Adds values, preceded by their number. A null array is treated as empty. */
    private static void add(MessageDigest digest, float[] values) {
        int count = values == null ? 0 : values.length;
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES + Float.BYTES * count).putInt(count);
        if (values != null) bytes.asFloatBuffer().put(values);
        digest.update(bytes.rewind());
    }

    @Override
    public String toString() {
        return hash;
    }
}
