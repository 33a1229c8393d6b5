"""The listings (挂牌协议): placed by a seller, taken by a buyer who names one."""
