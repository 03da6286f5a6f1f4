package sparrow.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.device.DeviceInfo;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.tensor.Tensor;

/** Hidden states as a file. */
final class StatesFile {
    private StatesFile() {}

    /**
     * Writes f32 tensors [positions, width] by name.
     *
     * @param device that computed them, named in the file's metadata; empty for this machine's threads
     */
    static void write(Path file, Map<String, float[][]> states, Optional<DeviceInfo> device) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        states.forEach((name, rows) -> {
            int width = rows[0].length;
            float[] all = new float[Math.multiplyExact(rows.length, width)];
            for (int r = 0; r < rows.length; r++) System.arraycopy(rows[r], 0, all, r * width, width);
            tensors.put(name, Tensor.of(all, rows.length, width));
        });
        SafetensorsWriter.write(
                file,
                tensors,
                device.map(facts -> Map.of("device", facts.label())).orElse(Map.of()));
    }
}
