package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A compiler that takes every text without a {@code ?} for the program of one kernel: add(pointer, int, float). */
@SuppressWarnings("restricted") // a caller's memory is given by its address
final class FakeNvrtc {
    static final String PTX = """
            .version 8.8
            .visible .entry add(
            	.param .u64 .ptr .align 1 add_param_0,
            	.param .u32 add_param_1,
            	.param .f32 add_param_2
            )
            {
            	ret;
            }
            """;

    private static final long HANDLE = 77;

    private final MemorySegment failure;

    final List<Integer> architectures = new ArrayList<>(List.of(75, 80, 90));
    final List<String> options = new ArrayList<>();
    String text = "";
    int open;

    FakeNvrtc(Arena arena) {
        failure = arena.allocateFrom("NVRTC_ERROR_OF_A_TEST");
    }

    MemorySegment nvrtcGetErrorString(int code) {
        return failure;
    }

    int nvrtcGetNumSupportedArchs(MemorySegment to) {
        to.reinterpret(4).set(JAVA_INT, 0, architectures.size());
        return 0;
    }

    int nvrtcGetSupportedArchs(MemorySegment to) {
        for (int i = 0; i < architectures.size(); i++) {
            to.reinterpret(4L * architectures.size()).setAtIndex(JAVA_INT, i, architectures.get(i));
        }
        return 0;
    }

    int nvrtcCreateProgram(
            MemorySegment to, MemorySegment source, MemorySegment name, int headers, MemorySegment a, MemorySegment b) {
        text = string(source);
        to.reinterpret(8).set(ADDRESS, 0, MemorySegment.ofAddress(HANDLE));
        open++;
        return headers == 0 && string(name).endsWith(".cu") ? 0 : 3;
    }

    int nvrtcCompileProgram(MemorySegment program, int count, MemorySegment given) {
        options.clear();
        for (int i = 0; i < count; i++) {
            options.add(string(given.reinterpret(8L * count).getAtIndex(ADDRESS, i)));
        }
        if (text.isEmpty()) return 5;
        return text.contains("?") ? 6 : 0;
    }

    int nvrtcGetProgramLogSize(MemorySegment program, MemorySegment to) {
        return size("\nadd.cl(1): error: no such word\n\n1 error\n", to);
    }

    int nvrtcGetProgramLog(MemorySegment program, MemorySegment to) {
        return bytes("\nadd.cl(1): error: no such word\n\n1 error\n", to);
    }

    int nvrtcGetPTXSize(MemorySegment program, MemorySegment to) {
        return size(PTX, to);
    }

    int nvrtcGetPTX(MemorySegment program, MemorySegment to) {
        return bytes(PTX, to);
    }

    int nvrtcGetCUBINSize(MemorySegment program, MemorySegment to) {
        return size("code of the device", to);
    }

    int nvrtcGetCUBIN(MemorySegment program, MemorySegment to) {
        return bytes("code of the device", to);
    }

    int nvrtcDestroyProgram(MemorySegment program) {
        open--;
        return program.reinterpret(8).get(ADDRESS, 0).address() == HANDLE ? 0 : 4;
    }

    static String string(MemorySegment address) {
        return address.reinterpret(Integer.MAX_VALUE).getString(0);
    }

    private static int size(String value, MemorySegment to) {
        to.reinterpret(8).set(JAVA_LONG, 0, value.getBytes(UTF_8).length + 1);
        return 0;
    }

    private static int bytes(String value, MemorySegment to) {
        to.reinterpret(value.getBytes(UTF_8).length + 1).setString(0, value);
        return 0;
    }
}
