// Does nothing with its argument, so that only the launch is measured.
KERNEL void NAME(int number) {}
