package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sparrow.gpu.driver.SharedLibrary;

/** A library whose functions are the methods of an object that begin with a prefix. */
@SuppressWarnings("restricted") // functions for a caller of foreign ones
final class FakeLibrary {
    /** What a function answers whose caller did something that it cannot do. */
    static final int BROKEN = 999;

    /** Functions whose header gives them another symbol. */
    private static final Set<String> SECOND_VERSIONS = Set.of(
            "cuDeviceTotalMem",
            "cuDevicePrimaryCtxRelease",
            "cuStreamDestroy",
            "cuStreamBeginCapture",
            "cuMemAlloc",
            "cuMemFree",
            "cuMemAllocHost",
            "cuMemcpyHtoDAsync",
            "cuMemcpyDtoHAsync",
            "cuMemcpyDtoDAsync");

    private FakeLibrary() {}

    static SharedLibrary of(Object object, String prefix, Arena arena) {
        Map<String, MemorySegment> functions = new HashMap<>();
        for (Method method : object.getClass().getDeclaredMethods()) {
            if (!method.getName().startsWith(prefix)) continue;
            String symbol = method.getName() + (SECOND_VERSIONS.contains(method.getName()) ? "_v2" : "");
            functions.put(symbol, stub(object, method, arena));
        }
        return new SharedLibrary("CUDA", "fake", name -> Optional.ofNullable(functions.get(name)));
    }

    private static MemorySegment stub(Object object, Method method, Arena arena) {
        FunctionDescriptor function = FunctionDescriptor.of(
                layout(method.getReturnType()),
                Arrays.stream(method.getParameterTypes())
                        .map(FakeLibrary::layout)
                        .toArray(MemoryLayout[]::new));
        try {
            MethodHandle handle = MethodHandles.lookup().unreflect(method).bindTo(object);
            return Linker.nativeLinker()
                    .upcallStub(handle.type().returnType() == int.class ? safe(handle) : handle, function, arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An exception that leaves such a function ends the process; here it is an answer. */
    private static MethodHandle safe(MethodHandle handle) {
        MethodHandle answer = MethodHandles.constant(int.class, BROKEN);
        return MethodHandles.catchException(
                handle, RuntimeException.class, MethodHandles.dropArguments(answer, 0, RuntimeException.class));
    }

    private static MemoryLayout layout(Class<?> type) {
        if (type == int.class) return JAVA_INT;
        if (type == long.class) return JAVA_LONG;
        if (type == byte.class) return JAVA_BYTE;
        return ADDRESS;
    }
}
