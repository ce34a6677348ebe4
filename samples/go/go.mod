module digicertone

go 1.19
