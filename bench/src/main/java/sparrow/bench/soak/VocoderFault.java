package sparrow.bench.soak;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.InvalidTypeException;
import com.sun.jdi.ObjectCollectedException;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Throws an OutOfMemoryError in a vocoder thread of another process through its debugging interface. */
final class VocoderFault {
    private static final String THREAD = "sparrow-vocoder";
    private static final String ARITHMETIC = "sparrow.speech.";

    private VocoderFault() {}

    /**
     * Waits for a vocoder thread that is computing, and throws an OutOfMemoryError in it.
     *
     * @param port local port on which the process listens for debuggers
     * @param wanted polled condition; the wait ends when it becomes false
     * @throws TimeoutException if no such thread is found in time
     * @throws IOException if the process does not exist
     */
    static void inject(int port, BooleanSupplier wanted, Duration longest)
            throws IOException, InterruptedException, TimeoutException {
        long last = System.nanoTime() + longest.toNanos();
        VirtualMachine machine = attach(port);
        try {
            // HotSpot's preallocated instances are used, because there may be no memory for a new instance.
            ObjectReference error = machine.classesByName(OutOfMemoryError.class.getName()).stream()
                    .map(type -> type.instances(1))
                    .flatMap(List::stream)
                    .findFirst()
                    .orElseThrow();
            while (wanted.getAsBoolean() && System.nanoTime() < last) {
                for (ThreadReference thread : machine.allThreads()) {
                    if (stop(thread, error)) return;
                }
                Thread.sleep(5);
            }
        } finally {
            machine.dispose();
        }
        throw new TimeoutException("no vocoder thread was computing");
    }

    private static VirtualMachine attach(int port) throws IOException {
        AttachingConnector socket = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = socket.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(Integer.toString(port));
        try {
            return socket.attach(arguments);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Throws the error if the thread is in arithmetic code, where it allocates memory. Elsewhere, the error could
     * corrupt a lock, which a real OutOfMemoryError would not do.
     */
    private static boolean stop(ThreadReference thread, ObjectReference error) {
        try {
            if (!thread.name().equals(THREAD)) return false;
            thread.suspend();
            try {
                if (thread.frameCount() == 0) return false;
                if (!thread.frame(0).location().declaringType().name().startsWith(ARITHMETIC)) return false;
                thread.stop(error);
                return true;
            } finally {
                thread.resume();
            }
        } catch (ObjectCollectedException
                | IncompatibleThreadStateException
                | InvalidTypeException
                | IllegalThreadStateException e) {
            return false; // The thread has just ended.
        }
    }
}
