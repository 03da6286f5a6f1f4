// A team consists of 32 neighbouring items, its lanes: a warp. SUM_LANES adds up each of count values over the lanes;
// lane i receives the total of value i. In this version, lanes exchange their sums at distances of 16, 8, 4, 2 and 1,
// after which all lanes have the identical total. PTX is used because NVIDIA's OpenCL has no function for the exchange.
// All lanes of a team must reach this code.
#define TEAM_ATTRIBUTE
#define TEAM (ITEM() / 32)
#define LANE (ITEM() % 32)
#define LANE_MEMORY(count)
#define SUM_LANES(total, values, count)                                                  \
    float total = 0;                                                                     \
    UNROLL                                                                               \
    for (int i = 0; i < (count); i++) {                                                  \
        float sum_of_lanes = (values)[i];                                                \
        UNROLL                                                                           \
        for (int distance = 16; distance > 0; distance /= 2) sum_of_lanes += exchanged(sum_of_lanes, distance); \
        if (LANE == i) total = sum_of_lanes;                                             \
    }

float exchanged(float value, int distance) {
    float other;
    asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 31, 0xffffffff;" : "=f"(other) : "f"(value), "r"(distance));
    return other;
}
