package sparrow.gpu.stack;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import sparrow.engine.transformer.HeadWeights;
import sparrow.gpu.device.Device;

/**
 * Heads on a device, by the identity of their weights. The memory of a head is released when its weights become
 * unreachable. The stack's lock must be held.
 */
final class DeviceHeads {
    private final Device device;
    private final DeviceWeights weights;
    private final Map<Key, DeviceHead> heads = new HashMap<>();
    private final ReferenceQueue<HeadWeights> dropped = new ReferenceQueue<>();

    DeviceHeads(Device device, DeviceWeights weights) {
        this.device = device;
        this.weights = weights;
    }

    /**
     * Returns the head with the given weights. The caller must keep a reference to the weights while it uses the head.
     */
    DeviceHead of(HeadWeights rows) {
        for (Object key = dropped.poll(); key != null; key = dropped.poll()) {
            DeviceHead head = heads.remove(key);
            if (head != null) head.close();
        }
        Key key = new Key(rows, dropped);
        DeviceHead known = heads.get(key);
        if (known != null) return known;
        DeviceHead head = DeviceHead.of(device, weights, rows);
        heads.put(key, head);
        return head;
    }

    /**
     * A key that is equal to other keys of the same weights, and only to itself after the weights have been collected.
     */
    private static final class Key extends WeakReference<HeadWeights> {
        private final int hash;

        Key(HeadWeights rows, ReferenceQueue<HeadWeights> dropped) {
            super(rows, dropped);
            hash = System.identityHashCode(rows);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) return true;
            return other instanceof Key key && get() != null && get() == key.get();
        }
    }
}
