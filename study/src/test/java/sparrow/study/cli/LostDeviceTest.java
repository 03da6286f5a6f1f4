package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.transformer.Transformer;

/** A study whose device is lost in the middle of its replies. */
@Tag("full")
class LostDeviceTest {
    private static final Path EVALUATION = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @TempDir
    private Path folder;

    /** Two devices, whose layers this machine's threads compute; the second one is lost after some passes. */
    public static final class Devices implements DeviceProvider {
        private static final int PASSES = 10;

        private static final DeviceInfo STEADY = info(0);
        private static final DeviceInfo LOST = info(2);

        private static DeviceInfo info(int number) {
            return new DeviceInfo(
                    "fake:" + number,
                    "Fake " + number,
                    "Fakes Inc.",
                    Kind.OTHER,
                    1L << 40,
                    1L << 40,
                    1,
                    "Host 3.0",
                    "1.2");
        }

        /** For the service loader. */
        public Devices() {}

        @Override
        public List<DeviceInfo> devices() {
            return List.of(STEADY, LOST);
        }

        @Override
        public String noGpu(List<DeviceInfo> found) {
            return "no card";
        }

        @Override
        public DeviceStack open(DeviceInfo device, Transformer transformer) {
            AtomicInteger passes = new AtomicInteger();
            return (DeviceStack) Proxy.newProxyInstance(
                    Devices.class.getClassLoader(),
                    new Class<?>[] {DeviceStack.class},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "decoding" -> self;
                        case "device" -> device;
                        case "describe" -> device.label();
                        case "run" -> {
                            boolean over = device.equals(LOST) && passes.incrementAndGet() > PASSES;
                            if (over) throw new LostDeviceException(device, "unplugged");
                            yield method.invoke(transformer.stack(), arguments);
                        }
                        default -> method.invoke(transformer.stack(), arguments);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "study compare --asr none --policies even:14 --items 1 --data folder:EVALUATION",
                "study layers --layers 12 --items 1 --data folder:EVALUATION"
            })
    void itEndsInOneLineAndNoReplyIsKept(String command) throws IOException {
        String all = command.replace("EVALUATION", EVALUATION.toString())
                + " --max-new-tokens 20 --device fake:2 --out " + folder.resolve("out");
        Commands.Outcome outcome = Commands.run(all.split(" "));

        assertThat(outcome.err().lines())
                .containsExactly(
                        "sparrow: layers are computed on Fake 2 (Host 3.0)",
                        "sparrow: gpu: Fake 2 was lost: unplugged");
        assertThat(outcome.code()).isEqualTo(1);
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".wav") || name.endsWith(".html") || name.contains("reply"));
        }
    }
}
