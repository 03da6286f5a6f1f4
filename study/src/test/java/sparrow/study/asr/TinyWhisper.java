package sparrow.study.asr;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Writes a Whisper model of one layer with random weights in the ggml layout (whisper.cpp, convert-pt-to-ggml.py). It
 * hears nothing, but it is loaded and run as real ones are. All sizes but width and layers are Whisper's.
 */
final class TinyWhisper {
    private static final int VOCABULARY = 51_864;
    private static final int AUDIO_POSITIONS = 1_500;
    private static final int TEXT_POSITIONS = 448;
    private static final int MELS = 80;
    private static final int SPECTRUM = 201;
    private static final int WIDTH = 32;

    private final SplittableRandom random = new SplittableRandom(1);
    private final DataOutputStream out;

    private TinyWhisper(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    static Path write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
            new TinyWhisper(buffered).write();
        }
        return file;
    }

    private void write() throws IOException {
        ints(0x67676d6c, VOCABULARY, AUDIO_POSITIONS, WIDTH, 1, 1, TEXT_POSITIONS, WIDTH, 1, 1, MELS, 1);
        ints(MELS, SPECTRUM);
        for (int i = 0; i < MELS * SPECTRUM; i++) number(random.nextFloat() / SPECTRUM);
        ints(VOCABULARY - 1_607); // the words of GPT-2; the others have a meaning, no text
        for (int i = 0; i < VOCABULARY - 1_607; i++) {
            byte[] word = (i == 0 ? " " : " w" + i).getBytes(StandardCharsets.UTF_8);
            ints(word.length);
            out.write(word);
        }
        encoder();
        decoder();
        out.flush();
    }

    private void encoder() throws IOException {
        tensor("encoder.positional_embedding", WIDTH, AUDIO_POSITIONS);
        tensor("encoder.conv1.weight", 3, MELS, WIDTH);
        tensor("encoder.conv1.bias", 1, WIDTH);
        tensor("encoder.conv2.weight", 3, WIDTH, WIDTH);
        tensor("encoder.conv2.bias", 1, WIDTH);
        norm("encoder.ln_post");
        norm("encoder.blocks.0.attn_ln");
        attention("encoder.blocks.0.attn");
        feedForward("encoder.blocks.0.mlp");
    }

    private void decoder() throws IOException {
        tensor("decoder.positional_embedding", WIDTH, TEXT_POSITIONS);
        tensor("decoder.token_embedding.weight", WIDTH, VOCABULARY);
        norm("decoder.ln");
        norm("decoder.blocks.0.attn_ln");
        attention("decoder.blocks.0.attn");
        norm("decoder.blocks.0.cross_attn_ln");
        attention("decoder.blocks.0.cross_attn");
        feedForward("decoder.blocks.0.mlp");
    }

    private void attention(String name) throws IOException {
        linear(name + ".query", WIDTH, WIDTH);
        tensor(name + ".key.weight", WIDTH, WIDTH); // Whisper's keys have no bias
        linear(name + ".value", WIDTH, WIDTH);
        linear(name + ".out", WIDTH, WIDTH);
    }

    private void feedForward(String name) throws IOException {
        norm(name + "_ln");
        linear(name + ".0", WIDTH, 4 * WIDTH);
        linear(name + ".2", 4 * WIDTH, WIDTH);
    }

    private void norm(String name) throws IOException {
        tensor(name + ".weight", WIDTH);
        tensor(name + ".bias", WIDTH);
    }

    private void linear(String name, int from, int to) throws IOException {
        tensor(name + ".weight", from, to);
        tensor(name + ".bias", to);
    }

    private void tensor(String name, int... sizes) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        boolean half = name.endsWith(".weight") && sizes.length > 1; // as the converter rounds
        ints(sizes.length, bytes.length, half ? 1 : 0);
        ints(sizes);
        out.write(bytes);
        int numbers = 1;
        for (int size : sizes) numbers *= size;
        for (int i = 0; i < numbers; i++) {
            float weight = random.nextFloat() - 0.5f;
            if (half) out.writeShort(Short.reverseBytes(Float.floatToFloat16(weight)));
            else number(weight);
        }
    }

    private void ints(int... values) throws IOException {
        for (int value : values) out.writeInt(Integer.reverseBytes(value));
    }

    private void number(float value) throws IOException {
        ints(Float.floatToIntBits(value));
    }
}
